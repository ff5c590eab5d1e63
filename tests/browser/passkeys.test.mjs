/** Passkeys in a real browser, by a device that Chromium makes up (its DevTools' WebAuthn domain). */
import assert from 'node:assert/strict';
import { mailOf, PASSWORD, register } from './api.mjs';
import { scene } from './scene.mjs';

/** A phone or laptop that keeps passkeys and knows its owner; `answers` at once, until it is told otherwise. */
async function device(person) {
  const session = await person.context.newCDPSession(person.page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    keys: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    answers: (enabled) =>
      session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  };
}

scene('a passkey is added in the settings, opens the account from the mail field, and is removed', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const anna = await stage.person('Anna');
  const held = await device(anna);
  const { account, common, rooms, settings } = anna.words;
  await held.answers(false);
  await anna.signIn();
  await held.answers(true);
  await anna.goTo('/settings');
  await anna.press(settings.addPasskey);
  await anna.page.getByText(settings.passkeyAdded).waitFor();
  assert.equal((await held.keys()).length, 1);
  // the same device has one already
  await anna.press(settings.addPasskey);
  await anna.page.getByText(settings.passkeyKnown).waitFor();
  await anna.press(/^Rename /);
  await anna.fill(settings.passkeyName, 'Laptop');
  await anna.page.getByRole('region', { name: settings.passkeys }).getByRole('button', { name: common.save }).click();
  await anna.page.getByText('Laptop', { exact: true }).waitFor();

  await anna.press(common.signOut);
  await anna.goTo('/signin');
  // nobody types or presses anything
  await anna.heading(rooms.title).waitFor();

  await anna.goTo('/settings');
  await anna.press(settings.removePasskeyOf('Laptop'));
  await anna.page.getByRole('dialog').getByRole('button', { name: settings.removePasskey }).click();
  await anna.page.getByText(settings.passkeyRemoved('Laptop')).waitFor();
  await anna.press(common.signOut);
  await anna.goTo('/signin');
  await anna.press(account.passkeySignIn);
  await anna.page.getByText(anna.words.problems.passkey_refused).waitFor();
});

scene('an account is made with a passkey and without a password, by the button', async (stage) => {
  await stage.begin();
  const bo = await stage.person('Bo');
  const held = await device(bo);
  const { account, common, rooms, settings } = bo.words;
  await bo.goTo('/signup');
  await bo.fill(account.name, 'Bo');
  await bo.fill(account.mail, mailOf('Bo'));
  await bo.press(account.passkeySignUp);
  await bo.heading(rooms.title).waitFor();
  await bo.goTo('/settings');
  await bo.press(/^Remove /);
  await bo.page.getByRole('dialog').getByRole('button', { name: settings.removePasskey }).click();
  await bo.page.getByText(bo.words.problems.last_way_in).waitFor();
  await held.answers(false);
  await bo.press(common.signOut);
  // by the button alone: the mail field may ask late, and would be answered before it is pressed
  await bo.page.addInitScript(() => (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  await bo.goTo('/signin');
  await bo.fill(account.mail, mailOf('Bo'));
  await held.answers(true);
  await bo.press(account.passkeySignIn);
  await bo.heading(rooms.title).waitFor();
});

scene('whoever signed in long ago says who they are before a passkey is added', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Cleo');
  const cleo = await stage.person('Cleo');
  const held = await device(cleo);
  const { settings } = cleo.words;
  await held.answers(false);
  await cleo.signIn();
  await held.answers(true);
  // what the server says of a session that is older than this test
  const needed = { code: 'proof_needed', error: 'Another passkey asks for your password.' };
  await cleo.page.route('**/api/auth/passkey/register/begin', (route) => {
    const given = Object.keys(route.request().postDataJSON() ?? {}).length > 0;
    return given ? route.continue() : route.fulfill({ status: 400, json: needed });
  });
  await cleo.goTo('/settings');
  await cleo.press(settings.addPasskey);
  const dialog = cleo.page.getByRole('dialog', { name: settings.proofTitle });
  const add = dialog.getByRole('button', { name: settings.addPasskey });
  await add.click();
  await dialog.getByText(cleo.words.account.passwordMissing).waitFor();
  await dialog.getByLabel(settings.currentPassword).fill('not the password');
  await add.click();
  await dialog.getByText(cleo.words.problems.password_wrong).waitFor();
  assert.equal((await held.keys()).length, 0);
  await dialog.getByLabel(settings.currentPassword).fill(PASSWORD);
  await add.click();
  await cleo.page.getByText(settings.passkeyAdded).waitFor();
  assert.equal((await held.keys()).length, 1);
  // by the one that there is; what was typed before is gone
  await cleo.press(settings.addPasskey);
  assert.equal(await dialog.getByLabel(settings.currentPassword).inputValue(), '');
  await dialog.getByRole('button', { name: settings.proofPasskey }).click();
  await cleo.page.getByText(settings.passkeyKnown).waitFor();
});
