/** What rooms and people are called, as it is seen: titles in any script, names with marks, links as people write them. */
import { register } from './api.mjs';
import { scene } from './scene.mjs';

const NAME = `Zoë "Zo" O'Hara & <b>Co</b>`;

scene('a room is called what its owner typed, in any script, wherever it is shown', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const anna = await stage.person('Anna');
  await anna.signIn();
  for (const title of ['Café Runde', 'جلسه', '周会', '<b>Q&A</b>']) await anna.createRoom(title);
  await anna.page.getByText('/m/cafe-runde', { exact: true }).waitFor();
  await anna.press('Settings of Café Runde');
  await anna.page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Große Runde');
  await anna.press('Save');

  await anna.page.getByRole('link', { name: 'Open Große Runde' }).click();
  await anna.heading('Große Runde').waitFor();
  await anna.comeIn();
  await anna.heading('Große Runde').waitFor();
  await anna.page.waitForFunction(() => document.title.startsWith('Große Runde ·'));

  const guest = await stage.person(NAME);
  await guest.goTo('/m/Cafe-Runde.');
  await guest.heading('Große Runde').waitFor();
  await guest.comeIn();
  await anna.tile(NAME).waitFor();
  await anna.leave();
  await anna.page.getByText('Große Runde', { exact: true }).waitFor();
  await anna.goTo('/');
  await anna.page.getByRole('link', { name: 'Große Runde' }).click();
  await anna.heading('Große Runde').waitFor();
});

scene('a link works as it comes out of a sentence, and the page says when it leads nowhere', async (stage) => {
  await stage.begin();
  await stage.admin.room('stand-up');
  const anna = await stage.person('Anna');
  for (const link of ['stand-up.', 'Stand-Up', 'stand-up%20', '%3Cstand-up%3E']) {
    await anna.goTo(`/m/${link}`);
    await anna.heading('stand-up').waitFor();
  }
  await anna.goTo('/m/v1.2');
  await anna.isTold('There is no such room');
  for (const pasted of [`${stage.daemon.url}/m/stand-up.`, `<${stage.daemon.url}/m/stand-up>`, `Tomorrow at ten (${stage.daemon.url}/m/Stand-Up), as ever`]) {
    await anna.goTo('/');
    await anna.fill('Link or room name', pasted);
    await anna.press('Join');
    await anna.heading('stand-up').waitFor();
  }
});
