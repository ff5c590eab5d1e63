/** Everybody can use every screen: axe finds nothing on any of them, and everything has its place in every window. */
import assert from 'node:assert/strict';
import { faults } from './faults.mjs';
import { misfits } from './fit.mjs';
import { desk, phone, put } from './looks.mjs';
import { scene } from './scene.mjs';
import { tour } from './tour/tour.mjs';

const LONGEST_MS = 1_200_000;

/** The narrowest window that WCAG asks for; the desk at 200 %. */
const narrow = { theme: 'light', width: 320, height: 640 };
const zoomed = { theme: 'dark', width: 640, height: 400 };

/** Walks through all screens; `look` gives back what it found at one. */
async function walk(stage, language, look) {
  const found = [];
  let screens = 0;
  await tour(stage, { language, invite: (name, options) => stage.person(name, options) }, async (name, page, arrange) => {
    screens += 1;
    for (const fault of await look(name, page, arrange)) found.push(`${name}: ${fault}`);
    await put(page, desk, arrange);
  });
  stage.note(`${screens} screens`);
  assert.deepEqual(found, []);
}

async function axe(page, arrange, looks) {
  const found = [];
  for (const look of looks) {
    await put(page, look, arrange);
    const reach = look === phone ? await misfits(page, { touch: true }) : [];
    for (const fault of [...(await faults(page)), ...reach]) found.push(`${look.theme} ${look.width}: ${fault}`);
  }
  return found;
}

async function fits(page, arrange) {
  const found = [];
  for (const look of [narrow, zoomed]) {
    await put(page, look, arrange);
    for (const fault of await misfits(page)) found.push(`${look.width} wide: ${fault}`);
  }
  return found;
}

/** Letters of twice the size, and nothing else. */
async function largeLetters(page, arrange) {
  const size = (value) => page.evaluate((value) => (document.documentElement.style.fontSize = value), value);
  await size('200%');
  await put(page, desk, arrange);
  const found = await misfits(page);
  await size('');
  return found.map((fault) => `large letters: ${fault}`);
}

async function contrasts(page, arrange) {
  const found = [];
  for (const theme of ['light', 'dark']) {
    await put(page, { ...desk, theme, media: { contrast: 'more' } }, arrange);
    for (const fault of await faults(page, { contrast: true })) found.push(`more contrast, ${theme}: ${fault}`);
  }
  return found;
}

scene('axe finds nothing on any screen', async (stage) => {
  await walk(stage, 'en', (name, page, arrange) => axe(page, arrange, [desk, phone]));
}, { timeout: LONGEST_MS });

/** A window in which no page has room: whoever finds nothing there would find nothing anywhere. */
const tooNarrow = { theme: 'light', width: 90, height: 640 };

async function seesFaults(page) {
  await put(page, tooNarrow);
  assert.ok((await misfits(page)).length > 0);
}

scene('in the longest words every screen has room, in a narrow window, at 200 %, in large letters; and contrast when asked', async (stage) => {
  await walk(stage, 'de', async (name, page, arrange) => {
    if (name === 'set-up') await seesFaults(page);
    return [...(await fits(page, arrange)), ...(await largeLetters(page, arrange)), ...(await contrasts(page, arrange))];
  });
}, { timeout: LONGEST_MS });

scene('read from the right, every screen has room, and axe finds nothing', async (stage) => {
  await walk(stage, 'fa', async (name, page, arrange) => [...(await axe(page, arrange, [phone])), ...(await fits(page, arrange))]);
}, { timeout: LONGEST_MS });
