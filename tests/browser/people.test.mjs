/** People among people: hands in order, reactions, and a moderator with a rude guest, all by the page. */
import assert from 'node:assert/strict';
import { register } from './api.mjs';
import { STARVED, scene } from './scene.mjs';

const panel = (person) => person.page.getByRole('complementary', { name: /^People/ });
const line = (person, name) => panel(person).getByRole('listitem').filter({ hasText: name });

/** Opens the menu about somebody and chooses. */
async function moderate(moderator, name, deed) {
  if (!(await panel(moderator).isVisible())) await moderator.press(/^People/);
  await moderator.press(`Moderate ${name}`);
  await moderator.page.getByRole('menuitem', { name: deed }).click();
}

async function host(stage, name = 'Anna', room = 'standup') {
  const owner = await register(stage.daemon, name);
  await owner.room(room);
  const person = await stage.person(name);
  await person.signIn();
  await person.join(room);
  return person;
}

scene('hands are seen in the order in which they went up, by latecomers too, and a moderator lowers one', async (stage) => {
  await stage.begin();
  const anna = await host(stage);
  const bo = await stage.person('Bo');
  await bo.join('standup');
  const cleo = await stage.person('Cleo');
  await cleo.join('standup');
  await anna.sees('Cleo');

  await cleo.page.keyboard.press('h');
  await anna.page.getByText('Cleo raised a hand').first().waitFor();
  await bo.press('Raise hand (H)');
  await anna.page.getByText('Bo raised a hand').first().waitFor();
  await bo.button('Lower hand (H)').waitFor();

  const dora = await stage.person('Dora');
  await dora.join('standup');
  for (const person of [anna, dora]) {
    await person.press(/^People/);
    await line(person, 'Bo').getByText('hand raised, number 2').waitFor();
    const names = await panel(person).getByRole('listitem').locator('b').allTextContents();
    assert.deepEqual(names.slice(0, 2), ['Cleo', 'Bo']);
  }

  await moderate(anna, 'Cleo', 'Lower their hand');
  await cleo.page.getByText('Anna lowered your hand.').first().waitFor();
  await line(anna, 'Bo').getByText('hand raised, number 1').waitFor();

  await bo.press('React');
  await bo.page.getByRole('menuitem', { name: 'Applause' }).click();
  await anna.page.locator('p', { hasText: '👏' }).first().waitFor();
});

scene('people are found by name, whatever the accents', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna] = await stage.meeting('standup', 'Anna', 'Élodie');
  await anna.press(/^People/);
  await panel(anna).getByRole('searchbox', { name: 'Search people' }).fill('elo');
  await line(anna, 'Élodie').waitFor();
  assert.equal(await panel(anna).getByRole('listitem').count(), 1);
  await panel(anna).getByRole('searchbox').fill('nobody');
  await panel(anna).getByText('Nobody here is called “nobody”.').waitFor();
});

scene('a rude guest is muted, removed and banned, and then the meeting is ended for everyone', async (stage) => {
  await stage.begin();
  const anna = await host(stage);
  const rude = await stage.person('Rude');
  await rude.join('standup');
  const cleo = await stage.person('Cleo');
  await cleo.join('standup');
  await anna.sees('Rude');
  await anna.sees('Cleo');

  await moderate(anna, 'Rude', /^Mute/);
  await rude.page.getByText('A moderator muted you. You can unmute again.').first().waitFor();
  await anna.page.getByRole('listitem', { name: 'Rude, microphone off' }).waitFor();
  await rude.press('Unmute (M)');
  await anna.page.getByRole('listitem', { name: 'Rude, microphone off' }).waitFor({ state: 'detached' });

  await moderate(anna, 'Rude', /^Hold microphone Only a moderator can give it back/);
  await rude.page.getByText('A moderator holds your microphone.').first().waitFor();
  await rude.press('Unmute (M)');
  await anna.page.getByRole('listitem', { name: 'Rude, microphone off' }).waitFor();
  await moderate(anna, 'Rude', /^Give microphone back/);
  await rude.page.getByText('You can use your microphone again.').first().waitFor();
  await rude.press('Unmute (M)');
  await anna.page.getByRole('listitem', { name: 'Rude, microphone off' }).waitFor({ state: 'detached' });

  // for all at once, and who holds them moderates: their own stays on
  await anna.press('Everybody');
  await anna.page.getByRole('menuitem', { name: /^Mute everybody/ }).click();
  for (const name of ['Rude', 'Cleo'])
    await anna.page.getByRole('listitem', { name: `${name}, microphone off` }).waitFor();
  await cleo.press('Unmute (M)');
  await anna.page.getByRole('listitem', { name: 'Cleo, microphone off' }).waitFor({ state: 'detached' });
  await anna.press('Everybody');
  await anna.page.getByRole('menuitem', { name: /^Hold everybody’s microphones/ }).click();
  await cleo.page.getByText('A moderator holds your microphone.').first().waitFor();
  await anna.button('Mute (M)').waitFor();
  await anna.press('Everybody');
  await anna.page.getByRole('menuitem', { name: /^Give all microphones back/ }).click();
  await cleo.page.getByText('You can use your microphone again.').first().waitFor();

  await moderate(anna, 'Rude', /^Remove They may come back/);
  await rude.isTold('You were removed');
  await rude.press('Join again');
  await rude.comeIn();
  await anna.sees('Rude');

  await moderate(anna, 'Rude', /^Ban They may not come back/);
  await anna.page.getByRole('dialog', { name: 'Ban Rude?' }).getByRole('button', { name: 'Ban' }).click();
  await rude.isTold('You cannot join this room');
  await anna.tile('Rude').waitFor({ state: 'detached' });

  await anna.press('Leave');
  await anna.page.getByRole('menuitem', { name: /^End for everyone/ }).click();
  await anna.page.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click();
  for (const person of [anna, cleo]) {
    await person.isTold('The meeting has ended');
    await person.page.getByText('A moderator ended it for everyone.').waitFor();
  }
  // the link keeps working
  await cleo.goTo('/m/standup');
  await cleo.comeIn();
}, { spoiled: STARVED });
