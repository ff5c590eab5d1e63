/**
 * A mail server for tests, a kept one and real: `startPost` in this process, or `node post.mjs '{"directory": …}'` as a
 * program that writes each mail it takes into a file. Mail to `nobody@…` is refused for good, to `later@…` for once.
 */
import { rename, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const refusal = (text, responseCode) => Object.assign(new Error(text), { responseCode });

async function read(stream, session) {
  const mail = await simpleParser(stream);
  const headers = Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line]));
  return {
    from: mail.from?.value[0],
    to: session.envelope.rcptTo.map(({ address }) => address),
    envelopeFrom: session.envelope.mailFrom.address,
    subject: mail.subject,
    text: mail.text ?? '',
    html: mail.html || '',
    headers,
    secure: session.secure,
    user: session.user ?? '',
  };
}

/** Serves on `port` of loopback (0: a free one); `took` is given each mail. With a key there is TLS, with a user an account. */
export async function startPost({ took, port = 0, key, cert, secure = false, user, password }) {
  const delayed = new Set();
  const server = new SMTPServer({
    key,
    cert,
    secure,
    hideSTARTTLS: !key || secure,
    authOptional: !user,
    allowInsecureAuth: !key,
    logger: false,
    onAuth(given, _session, done) {
      if (given.username === user && given.password === password) done(null, { user });
      else done(refusal('that is not the password', 535));
    },
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('nobody@')) return done(refusal('there is nobody of that name', 550));
      if (address.startsWith('later@') && !delayed.has(address)) {
        delayed.add(address);
        return done(refusal('come again later', 450));
      }
      return done();
    },
    onData(stream, session, done) {
      read(stream, session)
        .then(took)
        .then(() => done(), done);
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  return { port: listening.address().port, close: () => new Promise((closed) => server.close(closed)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { directory, ...options } = JSON.parse(process.argv[2]);
  let number = 0;
  const took = async (mail) => {
    number += 1;
    const name = `${process.pid}-${String(number).padStart(4, '0')}`;
    await writeFile(join(directory, `${name}.part`), JSON.stringify(mail));
    await rename(join(directory, `${name}.part`), join(directory, `${name}.json`));
  };
  const { port } = await startPost({ ...options, took });
  console.log(port);
}
