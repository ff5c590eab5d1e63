/**
 * A provider by which people sign in, a kept one and real (oidc-provider): `startProvider` in this process, or
 * `node provider.mjs '{…}'` as a program that prints its port. Its settings change by a POST of JSON to `/control`:
 * `who` signs in, of `people`; `denies`; `asks` shows a page with buttons; `lean` leaves the mail address out of what is signed;
 * `faults` by path: nonsense, huge, slow, redirect, error; `forge` what is signed; `rotate` has other keys sign from now on.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createPrivateKey, generateKeyPairSync, createHmac, randomUUID, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Provider } from 'oidc-provider';

export const CLIENT = { clientId: 'bedrud', clientSecret: 'secret of the provider' };

const usual = {
  who: 'anna',
  people: {
    anna: { email: 'anna@example.org', email_verified: true, name: 'Anna', groups: ['staff'] },
    bo: { email: 'bo@example.org', email_verified: true, name: 'Bo' },
  },
  denies: false,
  asks: false,
  lean: false,
  alg: 'ES256',
  faults: {},
  forge: '',
};

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function keyOf(alg) {
  const [kind, options] = alg === 'RS256' ? ['rsa', { modulusLength: 2048 }] : ['ec', { namedCurve: 'P-256' }];
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg };
}

/** Other things that might be signed, none of which is for whoever asked. */
const forgeries = {
  nonce: (claims) => ({ ...claims, nonce: 'another' }),
  audience: (claims) => ({ ...claims, aud: 'somebody else' }),
  shared: (claims) => ({ ...claims, aud: [claims.aud, 'somebody else'] }),
  party: (claims) => ({ ...claims, azp: 'somebody else' }),
  issuer: (claims) => ({ ...claims, iss: 'https://id.example.org' }),
  expired: (claims) => ({ ...claims, exp: claims.iat - 120 }),
  early: (claims) => ({ ...claims, iat: claims.iat + 600, exp: claims.exp + 600 }),
  nobody: ({ sub: _sub, ...claims }) => claims,
  // clocks may be a little apart
  skewed: (claims) => ({ ...claims, iat: claims.iat + 30 }),
};

function forged(token, way, jwk) {
  const [header, body] = token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  if (way === 'unsigned') return `${encoded({ alg: 'none' })}.${encoded(body)}.`;
  if (way === 'shared secret') {
    const input = `${encoded({ alg: 'HS256' })}.${encoded(body)}`;
    return `${input}.${createHmac('sha256', CLIENT.clientSecret).update(input).digest('base64url')}`;
  }
  if (way === 'another key') jwk = { ...keyOf('ES256'), kid: header.kid };
  const claims = forgeries[way]?.(body) ?? body;
  const input = `${encoded(header)}.${encoded(claims)}`;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function spoil(kind, res) {
  const answer = (status, headers, body) => res.writeHead(status, headers).end(body);
  if (kind === 'nonsense') answer(200, { 'content-type': 'text/html' }, '<p>Sign in first.</p>');
  else if (kind === 'huge') answer(200, { 'content-type': 'application/json' }, JSON.stringify({ x: 'x'.repeat(1 << 20) }));
  else if (kind === 'redirect') answer(302, { location: '/elsewhere' }, '');
  else if (kind === 'error') answer(500, { 'content-type': 'application/json' }, '{}');
  // slow: whoever asked goes first
}

async function bodyOf(req) {
  let text = '';
  for await (const piece of req) text += piece;
  return text;
}

/** Serves on `port` of loopback (0: a free one). */
export async function startProvider({ port = 0, ...given } = {}) {
  const settings = { ...usual, ...given };
  let issuer, provider, callback, jwk;

  function make() {
    jwk = keyOf(settings.alg);
    provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
          redirect_uris: ['http://localhost/api/auth/example/callback'],
          id_token_signed_response_alg: settings.alg,
        },
      ],
      jwks: { keys: [jwk] },
      cookies: { keys: ['of the tests'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
      conformIdTokenClaims: settings.lean,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      pkce: { required: () => true },
      ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...settings.people[sub] }) }),
    });
    // which port the daemon has is not known yet
    provider.Client.prototype.redirectUriAllowed = (uri) => /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/api\/auth\/[a-z-]+\/callback$/.test(uri);
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.path === '/token' && settings.forge && ctx.body?.id_token) {
        ctx.body.id_token = forged(ctx.body.id_token, settings.forge, jwk);
      }
    });
    callback = provider.callback();
  }

  async function interact(req, res) {
    const { prompt, params, session } = await provider.interactionDetails(req, res);
    if (settings.asks && req.method === 'GET' && prompt.name === 'login') {
      const page = `<!doctype html><title>Example</title><form method="post" action="${req.url}">
        <button name="as" value="${settings.who}">Sign in as ${settings.who}</button><button name="as" value="">Cancel</button></form>`;
      return res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    }
    const pressed = req.method === 'POST' ? new URLSearchParams(await bodyOf(req)).get('as') : settings.who;
    let result;
    if (settings.denies || pressed === '') {
      result = { error: 'access_denied', error_description: 'somebody has changed their mind' };
    } else if (prompt.name === 'login') {
      result = { login: { accountId: settings.who } };
    } else {
      const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
      grant.addOIDCScope(params.scope);
      result = { consent: { grantId: await grant.save() } };
    }
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: !result.error });
  }

  async function control(req, res) {
    const { rotate, ...changes } = JSON.parse(await bodyOf(req));
    const remakes = rotate || ['lean', 'alg'].some((name) => name in changes && changes[name] !== settings[name]);
    Object.assign(settings, changes);
    if (remakes) make();
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url, issuer);
    const told = (error) => {
      console.error(error);
      if (!res.headersSent) res.writeHead(500);
      res.end();
    };
    if (pathname === '/control') control(req, res).catch(told);
    else if (settings.faults[pathname]) spoil(settings.faults[pathname], res);
    else if (pathname.startsWith('/interaction/')) interact(req, res).catch(told);
    else callback(req, res);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${server.address().port}`;
  make();
  return {
    issuer,
    settings,
    /** An entry of `auth.providers`. */
    section: { id: 'example', name: 'Example', issuer, ...CLIENT },
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { issuer } = await startProvider(JSON.parse(process.argv[2]));
  console.log(new URL(issuer).port);
}
