/** One's own account on the page, and what a fresh server says before somebody owns it. */
import assert from 'node:assert/strict';
import { PASSWORD, login, register } from './api.mjs';
import { scene } from './scene.mjs';

scene('who sets the server up is told whom it lets in', async (stage) => {
  await stage.begin();
  const root = await stage.person('Root');
  await root.goTo('/setup#from-a-link');
  await root.page.getByText(/^At first, anyone who reaches this server may make an account/).waitFor();
});

scene('another mail address asks for the password, another name does not', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.goTo('/settings');
  const profile = anna.page.getByRole('region', { name: 'Profile' });
  const [name, mail, password] = ['Your name', 'E-mail', 'Current password'].map((label) =>
    profile.getByLabel(label, { exact: true }),
  );
  const save = profile.getByRole('button', { name: 'Save' });
  await name.fill('Annika');
  await save.click();
  await profile.getByText('Your profile is saved.').waitFor();
  assert.equal(await password.count(), 0);

  await mail.fill('annika@example.org');
  await save.click();
  await profile.getByText('Another e-mail address asks for your current password.').waitFor();
  await password.fill('not the password');
  await save.click();
  await profile.getByText('Your current password is not right.').waitFor();
  await password.fill(PASSWORD);
  await save.click();
  await profile.getByText('Your profile is saved.').waitFor();
  assert.equal(await password.count(), 0, 'it is their address now');
  await login(stage.daemon, 'Annika');
});
