/** One small picture of all screens in all looks, for the README's folder. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from './programs.mjs';

const HEIGHT = 72;
const WIDTH = 2360;
const QUALITIES = [70, 55, 40, 30, 20];

/** Draws the files of `directory` (one list for each screen) into a JPEG of at most so many bytes. */
export async function contactSheet(directory, screens, path, mostBytes) {
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
    await page.setContent(`<!doctype html><style>
      body { margin: 16px; background: #d9d2c8; display: flex; flex-wrap: wrap; gap: 14px 26px; font: 13px system-ui; color: #241f1a }
      div { display: flex; gap: 4px } p { margin: 0 0 3px } canvas { display: block }</style>`);
    // one after the other: hundreds of large pictures at once are more than a page holds
    for (const { name, files } of screens) {
      const pictures = files.map((file) => readFileSync(join(directory, file)).toString('base64'));
      await page.evaluate(draw, { name, pictures, height: HEIGHT });
    }
    for (const quality of QUALITIES) {
      await page.screenshot({ path, type: 'jpeg', quality, fullPage: true });
      if (statSync(path).size <= mostBytes) return;
    }
    throw new Error(`${path} has ${statSync(path).size} bytes; ${mostBytes} are the most.`);
  } finally {
    await browser.close();
  }
}

/** In the browser: a name and its pictures, small. */
async function draw({ name, pictures, height }) {
  const section = document.createElement('section');
  const title = document.createElement('p');
  title.textContent = name;
  const row = document.createElement('div');
  for (const picture of pictures) {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const width = Math.round((image.width / image.height) * height);
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.getContext('2d').drawImage(image, 0, 0, width, height);
    row.append(canvas);
  }
  section.append(title, row);
  document.body.append(section);
}
