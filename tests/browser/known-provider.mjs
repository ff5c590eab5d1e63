/**
 * Stands in for providers that nobody can run: GitHub and X, as far as their documents say how they are asked. As a program it
 * prints its port: `node known-provider.mjs '{"person": …}'`, where `person` is what each of its URLs tells; changed by `/control`.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createHash, randomUUID } from 'node:crypto';
import { CLIENT } from './provider.mjs';

const { port = 0, ...given } = JSON.parse(process.argv[2]);
const settings = { person: {}, ...given };
const codes = new Map();
const tokens = new Set();

async function bodyOf(req) {
  let text = '';
  for await (const piece of req) text += piece;
  return text;
}

/** GitHub takes the secret from the body, X from the header; both want the verifier of the challenge that they were given. */
function isClient(req, form) {
  const basic = Buffer.from((req.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  const said = basic ? basic.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' '))) : [form.get('client_id'), form.get('client_secret')];
  return said[0] === CLIENT.clientId && said[1] === CLIENT.clientSecret;
}

function tokenFor(req, form) {
  const challenge = codes.get(form.get('code'));
  codes.delete(form.get('code'));
  const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
  // GitHub says what is wrong with a status of success
  if (!isClient(req, form)) return { error: 'incorrect_client_credentials' };
  if (!challenge || challenge !== proof) return { error: 'bad_verification_code', error_description: 'The code is incorrect or expired.' };
  const token = randomUUID();
  tokens.add(token);
  return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' };
}

const server = createServer(async (req, res) => {
  const url = new URL(req.url, 'http://127.0.0.1');
  const answer = (value, status = 200) => res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
  if (url.pathname === '/control') {
    Object.assign(settings, JSON.parse(await bodyOf(req)));
    return answer({});
  }
  if (['/login/oauth/authorize', '/i/oauth2/authorize'].includes(url.pathname)) {
    const code = randomUUID();
    codes.set(code, url.searchParams.get('code_challenge'));
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.search = new URLSearchParams({ code, state: url.searchParams.get('state') });
    return res.writeHead(302, { location: back.href }).end();
  }
  if (['/login/oauth/access_token', '/2/oauth2/token'].includes(url.pathname)) {
    return answer(tokenFor(req, new URLSearchParams(await bodyOf(req))));
  }
  // GitHub refuses whoever does not say what program it is
  if (!tokens.has((req.headers.authorization ?? '').replace(/^Bearer /, '')) || !req.headers['user-agent']) return answer({ message: 'Requires authentication' }, 401);
  const told = settings.person[url.pathname];
  return answer(told ?? { message: 'Not Found' }, told ? 200 : 404);
});
server.listen(port, '127.0.0.1');
await once(server, 'listening');
console.log(server.address().port);
