/** What a reader asks of the browser is heeded: the system's own colours, no motion. */
import assert from 'node:assert/strict';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

const background = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor);

scene('in the colours of the system, what only a colour told is still told', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.page.emulateMedia({ forcedColors: 'active' });
  await anna.goTo('/m/standup');
  const meter = anna.page.getByRole('meter', { name: 'Microphone level' }).locator('b').first();
  await meter.waitFor();
  const ground = await background(anna.page.locator('body'));
  assert.notEqual(await background(meter), ground, 'the meter is seen');

  await anna.comeIn();
  const tile = anna.tile('Anna');
  const edge = await tile.evaluate((element) => getComputedStyle(element).outlineColor);
  assert.ok(!edge.startsWith('rgba') && edge !== ground, `the edge of a tile is ${edge}`);
  const down = await background(anna.button('Raise hand (H)'));
  await anna.press('Raise hand (H)');
  const raised = anna.button('Lower hand (H)');
  await raised.waitFor();
  await until('a raised hand to look different', async () => (await background(raised)) !== down);
  await anna.page.keyboard.press('Tab');
  const outline = await anna.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid', 'the focus is seen');
});

scene('nothing moves for whoever asks for that', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const bo = await stage.person('Bo');
  await bo.join('standup');
  await anna.sees('Bo');
  /** Runs until something moves; gives back what does. */
  const moving = async () => {
    await anna.press('Mute (M)');
    await bo.page.keyboard.press('h');
    await anna.page.getByText('Bo raised a hand').first().waitFor();
    await bo.page.keyboard.press('h');
    await anna.press('Unmute (M)');
    await bo.press('React');
    await bo.page.getByRole('menuitem', { name: 'Applause' }).click();
    await anna.page.locator('p', { hasText: '👏' }).first().waitFor();
    return anna.page.evaluate(() =>
      document.getAnimations().filter(({ effect }) => effect.getComputedTiming().duration > 0).length,
    );
  };
  assert.ok((await moving()) > 0, 'a reaction rises');
  await anna.page.locator('p', { hasText: '👏' }).first().waitFor({ state: 'detached' });
  await anna.page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await moving(), 0);
});
