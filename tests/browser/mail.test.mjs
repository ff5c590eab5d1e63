/** Mail read by people: a forgotten password and an address that has to be confirmed, each by the link of a real mail. */
import assert from 'node:assert/strict';
import { PASSWORD, login, mailOf, register } from './api.mjs';
import { startPost } from './post.mjs';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

/** A mail server, what the daemon has to know of it, and the next mail to somebody. */
async function mailbox(auth) {
  const mails = [];
  const post = await startPost({ took: (mail) => mails.push(mail) });
  const mail = { host: '127.0.0.1', port: post.port, security: 'none', from: 'bedrud@example.org' };
  const next = (name) =>
    until(`a mail to ${name}`, () => {
      const at = mails.findIndex(({ to }) => to.includes(mailOf(name)));
      return at >= 0 && mails.splice(at, 1)[0];
    });
  return { config: { mail, auth }, next, close: post.close };
}

const linkIn = ({ html }) => /href="([^"]+)"/.exec(html)[1];

scene('who forgot their password sets another one by the link of a mail', async (stage) => {
  const box = await mailbox();
  try {
    await stage.begin({ config: box.config });
    await register(stage.daemon, 'Anna');
    const anna = await stage.person('Anna');
    await anna.goTo('/signin');
    await anna.page.getByRole('link', { name: 'Forgot your password?' }).click();
    await anna.heading('Reset your password').waitFor(); // the page before has a field of the same name
    await anna.fill('E-mail', mailOf('Anna'));
    await anna.press('Send the link');
    await anna.page.getByText(/a mail is on its way/).waitFor();
    const link = linkIn(await box.next('Anna'));
    await anna.page.goto(link);
    await anna.fill('New password', 'short');
    await anna.press('Set the password');
    await anna.page.getByText('A password needs at least 12 characters.').waitFor();
    await anna.fill('New password', 'another horse battery');
    await anna.press('Set the password');
    await anna.page.getByText('Your password is changed. Sign in with it.').waitFor();
    await assert.rejects(login(stage.daemon, 'Anna'), 'the old one opens nothing');
    // the same link once more
    await anna.page.goto('about:blank');
    await anna.page.goto(link);
    await anna.fill('New password', 'another horse battery');
    await anna.press('Set the password');
    await anna.page.getByText(/^This link does not work/).waitFor();
    await anna.page.getByRole('link', { name: 'Sign in', exact: true }).first().click();
    await anna.heading('Sign in').waitFor();
    await anna.fill('E-mail', mailOf('Anna'));
    await anna.fill('Password', 'another horse battery');
    await anna.press('Sign in');
    await anna.heading('Your rooms').waitFor();
  } finally {
    await box.close();
  }
});

scene('a new account waits until its address is confirmed by the link of a mail', async (stage) => {
  const box = await mailbox({ requireEmailVerification: true });
  try {
    await stage.begin({ config: box.config });
    const sara = await stage.person('Sara', { language: 'de' });
    await sara.goTo('/signup');
    const { account, common, rooms } = sara.words;
    await sara.fill(account.name, 'Sara');
    await sara.fill(account.mail, mailOf('Sara'));
    await sara.fill(account.password, PASSWORD);
    await sara.press(common.signUp);
    await sara.page.getByText(account.verifySent(mailOf('Sara'))).waitFor();
    const first = await box.next('Sara');
    assert.match(first.subject, /^Mailadresse für .* bestätigen$/);
    // signing in says the same, and sends another one
    await sara.goTo('/signin');
    await sara.fill(account.mail, mailOf('Sara'));
    await sara.fill(account.password, PASSWORD);
    await sara.press(common.signIn);
    await sara.page.getByText(account.verifySent(mailOf('Sara'))).waitFor();
    await sara.press(account.verifyAgain);
    await sara.page.getByText(account.verifyResent).waitFor();
    await box.next('Sara');
    await sara.page.goto(linkIn(first));
    await sara.press(account.verifyButton);
    await sara.heading(rooms.title).waitFor();
    await sara.page.goto('about:blank');
    await sara.page.goto(linkIn(first));
    await sara.press(account.verifyButton);
    await sara.page.getByText(account.verifyDone).waitFor();
  } finally {
    await box.close();
  }
});
