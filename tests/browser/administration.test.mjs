/** The administration on the page: the overview, an invitation that somebody comes by, an account that is disabled. */
import assert from 'node:assert/strict';
import { mailOf, PASSWORD } from './api.mjs';
import { faults } from './faults.mjs';
import { scene } from './scene.mjs';

scene('an administrator invites somebody, finds them, and keeps them out', async (stage) => {
  await stage.begin();
  const root = await stage.person('Root');
  const { admin, common, rooms } = root.words;
  await root.signIn();
  await root.page.getByRole('link', { name: common.administration }).click();
  await root.page.getByText(admin.well).waitFor();
  await root.page.getByRole('link', { name: admin.settings }).click();
  await root.page.getByLabel(admin.byInvitation).check();
  await root.press(common.save);
  await root.page.getByText(admin.saved).waitFor();

  const anna = await stage.person('Anna');
  await anna.goTo('/signup');
  await anna.page.getByText(anna.words.account.invitationNeeded).waitFor();
  await root.page.getByRole('link', { name: admin.invitations }).click();
  await root.fill(admin.inviteMail, mailOf('Anna'));
  await root.press(admin.invite);
  await root.page.getByText(admin.invited).waitFor();
  assert.deepEqual(await faults(root.page), []);
  const { tokens } = await stage.admin.do('GET', '/api/admin/invite-tokens');
  await anna.goTo('/');
  await anna.goTo(`/signup#${tokens[0].token}`);
  const { account } = anna.words;
  await anna.fill(account.name, 'Anna');
  await anna.fill(account.mail, mailOf('Anna'));
  await anna.fill(account.password, PASSWORD);
  await anna.press(common.signUp);
  await anna.heading(rooms.title).waitFor();

  await root.goTo('/admin/users');
  await root.fill(admin.search, 'ann');
  await root.page.getByLabel(admin.search).press('Enter');
  await root.page.getByText(mailOf('Anna')).waitFor();
  assert.deepEqual(await faults(root.page), []);
  await root.press(admin.actionsOf('Anna'));
  await root.page.getByRole('menuitem', { name: admin.disable }).click();
  await root.page.getByRole('dialog').getByRole('button', { name: admin.disable }).click();
  await root.page.getByText(admin.done('Anna')).waitFor();
  await anna.goTo('/admin');
  await anna.heading(account.signInTitle).waitFor();
});
