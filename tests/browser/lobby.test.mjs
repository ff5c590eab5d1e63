/** Waiting to be let in: the person before the door, the moderator inside, and the link that leads past. */
import assert from 'node:assert/strict';
import { login, mailOf, PASSWORD, register } from './api.mjs';
import { scene } from './scene.mjs';

/** Opens the link of a room and asks to be let in. */
async function ask(person, room) {
  await person.goTo(`/m/${room}`);
  await person.button('Ask to join').waitFor();
  const field = person.page.getByLabel(person.words.join.name, { exact: true });
  if (await field.isVisible()) await field.fill(person.name);
  await person.press('Ask to join');
  await person.isTold('You are waiting to be let in');
}

/** Somebody with an account and a room of their own, inside of it. */
async function owner(stage, name, room, more) {
  await register(stage.daemon, name);
  const api = await login(stage.daemon, name);
  const made = await api.room(room, more);
  const person = await stage.person(name);
  await person.signIn();
  await person.join(room);
  return { person, api, id: made.id };
}

scene('who waits sees their place and is let in by one key, by name, and all at once', async (stage) => {
  await stage.begin();
  const { person: anna } = await owner(stage, 'Anna', 'standup', { settings: { requireApproval: true } });
  const bo = await stage.person('Bo');
  await ask(bo, 'standup');
  await bo.page.getByText('A moderator is inside and has been told that you are here.').waitFor();
  await bo.page.locator('video').first().waitFor();
  await anna.page.getByRole('group', { name: 'Waiting to be let in (1)' }).waitFor();
  await anna.button('People (P), 1 inside, 1 waiting').waitFor();
  await anna.page.keyboard.press('a');
  await bo.isInside();
  await anna.sees('Bo');

  const [cleo, dora, emil] = await Promise.all(['Cleo', 'Dora', 'Emil'].map((name) => stage.person(name)));
  for (const person of [cleo, dora, emil]) await ask(person, 'standup');
  await emil.page.getByText('You are number 3 of 3 waiting.').waitFor();
  await anna.page.getByText('3 people wait to be let in').first().waitFor();
  await anna.press('Show who waits');
  await anna.press('Do not let in: Dora');
  await dora.isTold('You were not let in');
  await emil.page.getByText('You are number 2 of 2 waiting.').waitFor();
  await anna.press('Let everybody in');
  await Promise.all([cleo.isInside(), emil.isInside()]);
  await cleo.sees('Anna');
  // a reload asks nobody again
  await cleo.page.reload();
  await cleo.isInside();
});

scene('a moderator who comes later sees who waits, and who gives up is gone from the list', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const api = await login(stage.daemon, 'Anna');
  await api.room('standup', { isPublic: false });
  const bo = await stage.person('Bo');
  await ask(bo, 'standup');
  await bo.page.getByText(/^Nobody who can let you in is inside yet\./).waitFor();
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.join('standup');
  const knocking = anna.page.getByRole('group', { name: 'Waiting to be let in (1)' });
  await knocking.waitFor();
  await bo.page.getByText('A moderator is inside and has been told that you are here.').waitFor();
  await bo.press('Stop waiting');
  await knocking.waitFor({ state: 'detached' });
  await bo.press('Ask to join');
  await knocking.waitFor();
  await anna.press('Let in');
  await bo.isInside();
  await bo.sees('Anna');
});

scene('an invitation leads past the lobby, once', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const api = await login(stage.daemon, 'Anna');
  await api.room('garden', { isPublic: false });
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.press('Settings of garden');
  await anna.page.getByRole('switch', { name: 'For one person' }).check();
  await anna.press('Make a link');
  const link = await anna.page.getByRole('textbox', { name: 'Invitation links' }).inputValue();
  assert.match(link, /\/m\/garden#invitation=[\w-]{32}$/);
  const path = link.slice(stage.daemon.url.length);
  const bo = await stage.person('Bo');
  await bo.goTo(path);
  await bo.comeIn();
  const cleo = await stage.person('Cleo');
  await cleo.goTo(path);
  await cleo.page.getByLabel(cleo.words.join.name, { exact: true }).fill('Cleo');
  await cleo.press('Join');
  await cleo.page.getByText(/^This invitation has been used\./).waitFor();
  await cleo.button('Ask to join').waitFor();
});

scene('an invitation is still there after signing in, or making an account, from the page of its room', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const api = await login(stage.daemon, 'Anna');
  const { id } = await api.room('garden', { isPublic: false });
  const { path } = await api.do('POST', `/api/room/${id}/invitations`, {});
  await register(stage.daemon, 'Bo');
  const bo = await stage.person('Bo');
  await bo.goTo(path);
  await bo.page.getByRole('link', { name: 'Sign in' }).click();
  await bo.fill('E-mail', mailOf('Bo'));
  await bo.fill('Password', PASSWORD);
  await bo.press('Sign in');
  await bo.comeIn();

  const cleo = await stage.person('Cleo');
  await cleo.goTo(path);
  await cleo.page.getByRole('link', { name: 'Sign in' }).click();
  await cleo.page.getByRole('link', { name: 'Create an account' }).click();
  await cleo.fill('Your name', 'Cleo');
  await cleo.fill('E-mail', mailOf('Cleo'));
  await cleo.fill('Password', PASSWORD);
  await cleo.press('Create an account');
  await cleo.comeIn();
  const asked = [...bo.requests, ...cleo.requests].filter((url) => url.split('#')[0].includes('invitation='));
  assert.deepEqual(asked, [], 'nobody on the way is told the secret');
});

scene('a meeting is locked and unlocked from the list of people', async (stage) => {
  await stage.begin();
  const { person: anna } = await owner(stage, 'Anna', 'standup');
  await anna.page.keyboard.press('p');
  await anna.press('Everybody');
  await anna.page.getByRole('menuitem', { name: /^Lock the meeting/ }).click();
  await anna.page.getByText('The meeting is locked: whoever comes now waits to be let in.').first().waitFor();
  const bo = await stage.person('Bo');
  await ask(bo, 'standup');
  await anna.press('Everybody');
  await anna.page.getByRole('menuitem', { name: /^Unlock the meeting/ }).click();
  await bo.isInside();
});
