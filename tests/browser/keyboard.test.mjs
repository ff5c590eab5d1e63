/** A whole call by the keyboard alone: the focus is always seen, and a screen reader gets the words. */
import assert from 'node:assert/strict';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

const MOST_STOPS = 60;

/** What has the focus: its name for a screen reader, and whether an eye sees that it is there. */
const focused = (person) =>
  person.page.evaluate(() => {
    const element = document.activeElement;
    const label = element.getAttribute('aria-label') ?? document.querySelector(`label[for="${element.id}"]`)?.textContent;
    const style = getComputedStyle(element);
    return {
      name: (label ?? element.textContent ?? '').trim(),
      seen: element === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
    };
  });

/** Goes on by the tabulator until this has the focus; every stop on the way has to be seen. */
async function tabTo(person, name) {
  const stops = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const at = await focused(person);
    assert.ok(at.seen, `the focus on “${at.name}” is not seen`);
    if (typeof name === 'string' ? at.name === name : name.test(at.name)) return;
    stops.push(at.name);
    await person.page.keyboard.press('Tab');
  }
  throw new Error(`“${name}” was not among the stops: ${stops.join(' | ')}`);
}

/** What the live regions of a page said since it was loaded. */
const spoken = (person) => person.page.evaluate(() => window.said);
const hears = (person, words) => until(`“${words}” to be said at ${person.name}'s`, async () => (await spoken(person)).includes(words));

/** Keeps what comes into live regions, as a screen reader would read it. */
function listen() {
  window.said = [];
  const live = '[aria-live="polite"], [aria-live="assertive"], [role="status"], [role="alert"], [role="log"]';
  const hear = (node) => {
    const element = node instanceof Element ? node : node.parentElement;
    if (element?.closest(live) && !element.closest('[aria-hidden="true"], [aria-live="off"]'))
      window.said.push((node.textContent ?? '').trim().replace(/\s+/g, ' '));
  };
  const observer = new MutationObserver((records) => {
    for (const { addedNodes, target, type } of records) (type === 'characterData' ? [target] : addedNodes).forEach(hear);
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
}

scene('join, mute, chat, raise a hand, share and leave, without a mouse', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.context.addInitScript(listen);
  await anna.join('standup');
  const bo = await stage.person('Bo');
  await bo.context.addInitScript(listen);
  const { keyboard } = bo.page;

  await bo.goTo('/m/standup');
  await bo.button('Join').waitFor();
  await tabTo(bo, 'Your name');
  await keyboard.type('Bo');
  await keyboard.press('Enter');
  await bo.isInside();
  await bo.sees('Anna');
  await hears(anna, 'Bo joined');

  const bar = await bo.page.getByRole('group', { name: 'Meeting controls' }).ariaSnapshot();
  for (const name of ['Mute (M)', 'Turn camera off (V)', 'Share screen (S)', 'Raise hand (H)', 'React', 'More', 'Leave', 'Chat (C)', 'People (P), 2'])
    assert.ok(bar.includes(`button "${name}"`), `${name} is missing in ${bar}`);

  await tabTo(bo, 'Mute (M)');
  await keyboard.press('Enter');
  await bo.button('Unmute (M)').waitFor();
  await anna.page.getByRole('listitem', { name: /^Bo, microphone off/ }).waitFor();
  await hears(bo, 'microphone off');
  await keyboard.press('m');
  await bo.button('Mute (M)').waitFor();
  await hears(bo, 'microphone on');
  await keyboard.press('v');
  await hears(bo, 'camera off');
  // a keyboard of another script has the same keys at the same places
  await bo.page.evaluate(() => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ر', code: 'KeyV' })));
  await hears(bo, 'camera on');

  await keyboard.press('h');
  await hears(bo, 'Your hand is up. Everybody sees it.');
  await hears(anna, 'Bo raised a hand');
  await keyboard.press('h');

  await keyboard.press('c');
  await until('the field to have the focus', async () => (await focused(bo)).name === 'Message');
  assert.ok((await focused(bo)).seen, 'the focus in the chat is seen');
  await keyboard.type('Chats have capitals: M, C and ? are only letters here');
  await keyboard.press('Enter');
  await anna.button('Chat (C), 1 unread').waitFor();
  await keyboard.press('Escape');
  await bo.page.getByRole('complementary', { name: 'Chat' }).waitFor({ state: 'detached' });
  await bo.button('Mute (M)').waitFor();

  await tabTo(bo, 'React');
  await keyboard.press('Enter');
  await until('the first sign to have the focus', async () => (await focused(bo)).name === 'Thumbs up');
  assert.ok((await focused(bo)).seen, 'the focus in the menu is seen');
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await anna.page.locator('p', { hasText: 'Bo' }).filter({ hasText: '❤️' }).waitFor();

  await keyboard.press('?');
  const list = bo.page.getByRole('dialog', { name: 'Keys (?)' });
  await list.waitFor();
  await list.getByText('Raise or lower the hand').waitFor();
  await keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });

  await keyboard.press('s');
  await hears(anna, 'Bo shares a screen');
  await anna.seesScreenOf('Bo');
  await tabTo(bo, 'Stop sharing');
  await keyboard.press('Enter');
  await hears(anna, 'Bo stopped sharing');

  await tabTo(bo, 'Leave');
  await keyboard.press('Enter');
  await bo.isTold('You left the meeting');
  await hears(anna, 'Bo left');
  assert.deepEqual(bo.complaints, []);
});

scene('chat is read aloud when it is asked for, and only then', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.context.addInitScript(listen);
  await anna.join('standup');
  const bo = await stage.person('Bo');
  await bo.join('standup');
  await bo.write('the first');
  await anna.button('Chat (C), 1 unread').waitFor();
  assert.ok(!(await spoken(anna)).some((words) => words.includes('the first')));
  await anna.press('More');
  await anna.page.getByRole('menuitemcheckbox', { name: /^Read chat aloud/ }).click();
  await bo.write('the second');
  await hears(anna, 'Bo: the second');
});
