/** What one looks at in a meeting: pages that hold still, the stage, pins, shares, the floating window, the line. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCard } from './pictures.mjs';
import { scene } from './scene.mjs';
import { pause, until } from './wait.mjs';

const ROOM = 'assembly';
/** Sixty people are much for a machine that does something else besides. */
const PATIENCE_MS = 60_000;
/** Long enough for seven pictures and more, were any decoded. */
const WATCHED_MS = 1500;

/** A room with so many people in it, all with moving pictures, and Anna, who looks. */
async function assembly(stage, count, { card = {}, seen = () => true, heard = () => true } = {}) {
  await stage.begin({ config: { server: { maxParticipantsLimit: 200 } } });
  await stage.admin.room(ROOM, { maxParticipants: 100 });
  const directory = mkdtempSync(join(tmpdir(), 'bedrud-pictures-'));
  const picture = join(directory, 'card.ivf');
  await testCard(picture, card);
  const crowd = stage.crowd();
  const names = Array.from({ length: count }, (_, index) => `Guest ${index + 1}`);
  for (const [index, name] of names.entries())
    await crowd.join(ROOM, name, { picture: seen(index) ? picture : undefined, sound: heard(index) });
  const anna = await stage.person('Anna');
  anna.context.setDefaultTimeout(PATIENCE_MS);
  await anna.join(ROOM);
  await grid(anna).getByRole('listitem').nth(Math.min(count, 24)).waitFor();
  return { anna, crowd, names, picture, close: () => rmSync(directory, { recursive: true, force: true }) };
}

const grid = (person) => person.page.getByRole('region', { name: 'Participants' }).getByRole('list').first();
const corner = (person) => person.page.getByRole('list', { name: 'Small pictures' });

/** Who sits on the page, in order. */
const seated = (person) =>
  grid(person).locator('li').evaluateAll((tiles) => tiles.map((tile) => tile.ariaLabel.split(',')[0]));

/** In the page: notes when somebody is first shown beside the grid, when in it, and how the seats were before. */
function watchSpeaker(name) {
  const list = document.querySelector('[aria-label=Participants] ul');
  const names = () => [...list.querySelectorAll('li')].map((tile) => tile.ariaLabel.split(',')[0]);
  window.speaker = {};
  const look = () => {
    const { speaker } = window;
    const small = document.querySelector('[aria-label="Small pictures"]');
    if (!speaker.beside && small?.textContent.includes(name)) Object.assign(speaker, { beside: performance.now(), seatsBeside: names() });
    if (!speaker.inside && names().includes(name)) speaker.inside = performance.now();
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
}

/** As many tracks are decoded as there are pictures of others on the page, though so many people more send one. */
async function onlyTheSeenAreDecoded(person, sending) {
  const tracks = async () => {
    const all = await person.page.evaluate(() => window.seen.arriving());
    return new Map(all.filter((one) => one.kind === 'video').map((one) => [one.track, one.framesDecoded]));
  };
  await until('those on the page, and no others, to be decoded', async () => {
    const before = await tracks();
    await pause(WATCHED_MS);
    const after = [...(await tracks())];
    const running = after.filter(([track, frames]) => frames > (before.get(track) ?? 0)).length;
    const shown = await grid(person).locator('li:not(.own) video').count();
    return running === shown && shown > 0 && sending > shown;
  }, { withinMs: PATIENCE_MS });
}

scene('sixty people sit on pages that hold still, and only who is seen is decoded', async (stage) => {
  const card = { width: 160, height: 90, rate: 5 };
  const seen = (index) => index % 3 > 0;
  const cast = { card, seen, heard: (index) => index % 6 === 5 };
  const sending = Array.from({ length: 59 }, (_, index) => index).filter(seen).length;
  const { anna, crowd, close } = await assembly(stage, 59, cast);
  await anna.page.getByText('Page 1 of 3').waitFor();
  const first = await seated(anna);
  assert.equal(first.length, 25);
  assert.equal(first[0], 'Anna (you)');
  await onlyTheSeenAreDecoded(anna, sending);

  // somebody off the page speaks: first beside it, then on it, and of all others one has moved
  const speaker = [6, 12, 18, 24, 30, 36, 42, 48, 54].map((one) => `Guest ${one}`).find((one) => !first.includes(one));
  await anna.page.evaluate(watchSpeaker, speaker);
  await crowd.speak(speaker);
  await grid(anna).getByRole('listitem', { name: speaker }).waitFor();
  await corner(anna).waitFor({ state: 'detached' });
  const { beside, inside, seatsBeside } = await anna.page.evaluate(() => window.speaker);
  assert.deepEqual(seatsBeside, first, 'nobody has moved while they are beside the page');
  assert.ok(inside - beside > 1000, `they sat down ${inside - beside} ms after they were beside the page`);
  const then = await seated(anna);
  assert.equal(then.filter((name, seat) => name !== first[seat]).length, 1, 'one seat has changed hands');
  await crowd.quiet(speaker);

  await anna.press('Next page of people');
  await anna.press('Next page of people');
  await anna.page.getByText('Page 3 of 3').waitFor();
  assert.equal((await seated(anna)).length, 10);
  await onlyTheSeenAreDecoded(anna, sending);
  close();
}, { timeout: 480_000 });

scene('who speaks and who stops are the only tiles that are touched', async (stage) => {
  const { anna, crowd, names, close } = await assembly(stage, 8);
  // Chromium's made-up microphone beeps, which is speaking as well
  await anna.press('Mute (M)');
  await anna.page.getByRole('listitem', { name: /^Anna \(you\), microphone off/ }).waitFor();
  const ring = (name) => grid(anna).locator('li.speaking').and(anna.tile(name)).waitFor();
  await crowd.speak(names[0]);
  await ring(names[0]);
  await anna.page.evaluate(() => {
    window.touched = new Set();
    const note = (records) => {
      for (const { target } of records) window.touched.add(target.closest('li')?.ariaLabel.split(',')[0] ?? target.tagName);
    };
    const list = document.querySelector('[aria-label=Participants] ul');
    new MutationObserver(note).observe(list, { subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'style'] });
  });
  await crowd.speak(names[4]);
  await ring(names[4]);
  await crowd.quiet(names[0]);
  await grid(anna).locator('li:not(.speaking)').and(anna.tile(names[0])).waitFor();
  const touched = await anna.page.evaluate(() => [...window.touched].sort());
  assert.deepEqual(touched, [names[0], names[4]]);
  close();
});

scene('grid, speaker, pins and several shares, by keyboard and by menu', async (stage) => {
  const { anna, crowd, names, picture, close } = await assembly(stage, 3);
  const [one, two, three] = names;
  const onStage = (label) => anna.page.getByRole('region', { name: label, exact: true }).locator('video').waitFor();
  await crowd.speak(two);
  await anna.page.keyboard.press('g');
  await onStage(`${two}, large`);
  assert.equal(await anna.tile(two).count(), 0, 'who is large has no tile besides');
  await crowd.quiet(two);
  await crowd.speak(three);
  await onStage(`${three}, large`);
  await anna.page.keyboard.press('g');
  await anna.tile(three).waitFor();

  await anna.tile(one).hover();
  await anna.button(`View of ${one}`).click();
  await anna.page.getByRole('menuitem', { name: /^Pin/ }).click();
  await onStage(`${one}, large`);
  await crowd.speak(two);
  await anna.tile(two).and(anna.page.locator('.speaking')).waitFor();
  await onStage(`${one}, large`);
  await anna.press('Unpin');
  await anna.tile(one).waitFor();

  await crowd.share(one, picture);
  await anna.seesScreenOf(one);
  await crowd.share(two, picture);
  await anna.seesScreenOf(two);
  await anna.press(one);
  await anna.seesScreenOf(one);
  await anna.page.keyboard.press('g');
  await anna.page.getByRole('listitem', { name: `Screen of ${two}` }).locator('video').waitFor();
  close();
});

scene('the corner, the floating window, full screen and the connection in words', async (stage) => {
  const { anna, names, close } = await assembly(stage, 2);
  await anna.press('View');
  await anna.page.getByRole('menuitemcheckbox', { name: 'My picture in the corner' }).click();
  await corner(anna).getByRole('listitem', { name: 'Anna (you)' }).waitFor();
  assert.equal(await grid(anna).getByRole('listitem', { name: /^Anna/ }).count(), 0);

  await anna.tile(names[0]).dblclick();
  await until('full screen', () => anna.page.evaluate(() => document.fullscreenElement?.ariaLabel?.startsWith('Guest')));
  await anna.page.evaluate(() => document.exitFullscreen());

  await anna.tile(names[0]).hover();
  await anna.button(`View of ${names[0]}`).click();
  await anna.page.getByRole('menuitem', { name: 'Connection' }).click();
  const dialog = anna.page.getByRole('dialog', { name: `Connection of ${names[0]}` });
  for (const words of ['Direct', /^320 × 180, \d+ pictures a second$/, /^\d+ ms$/, /^[\d.]+ %$/])
    await dialog.getByText(words, { exact: true }).waitFor();
  await anna.page.keyboard.press('Escape');

  await anna.press('View');
  const opened = anna.context.waitForEvent('page');
  await anna.page.getByRole('menuitemcheckbox', { name: /^Floating window/ }).click();
  const floating = await opened;
  await floating.getByRole('listitem').locator('video').waitFor();
  assert.equal(await floating.locator('main').evaluate((main) => getComputedStyle(main).display), 'grid', 'it has its looks');
  await floating.getByRole('button', { name: 'Back to the meeting' }).click();
  await until('the floating window to close', () => floating.isClosed());
  close();
});

scene('the view is kept, the connection stands beside every name, and the small window comes by itself', async (stage) => {
  const { anna, names, close } = await assembly(stage, 1);
  const large = anna.page.getByRole('region', { name: `${names[0]}, large`, exact: true });
  await anna.press('View');
  await anna.page.getByRole('menuitemcheckbox', { name: /^Speaker/ }).click();
  await large.waitFor();
  // the browser offers it to pages that said what to do then; a test cannot leave the tab
  await anna.context.addInitScript(() => {
    const tell = MediaSession.prototype.setActionHandler;
    MediaSession.prototype.setActionHandler = function (action, handler) {
      if (action === 'enterpictureinpicture') window.tabLeft = handler;
      else tell.call(this, action, handler);
    };
  });
  await anna.page.reload();
  await large.waitFor();

  await anna.press(/^People/);
  const panel = anna.page.getByRole('complementary', { name: /^People/ });
  await panel.getByRole('button', { name: `View of ${names[0]}` }).click();
  await anna.page.getByRole('menuitem', { name: 'Connection' }).click();
  await anna.page.getByRole('dialog', { name: `Connection of ${names[0]}` }).getByText('Direct', { exact: true }).waitFor();
  await anna.page.keyboard.press('Escape');

  const opened = anna.context.waitForEvent('page');
  await panel.getByRole('button', { name: 'Close' }).click();
  await anna.page.evaluate(() => window.tabLeft());
  const floating = await opened;
  await floating.getByRole('listitem').locator('video').waitFor();
  await anna.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await until('the small window to go when one is back', () => floating.isClosed());
  close();
});
