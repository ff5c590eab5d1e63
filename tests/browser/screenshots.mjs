/** `make screenshots`: a picture of every screen in every look, a sheet of them all, and the one in the README. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawFaces } from './faces.mjs';
import { looks, put } from './looks.mjs';
import { repository } from './programs.mjs';
import { Stage } from './scene.mjs';
import { tour } from './tour.mjs';

const directory = join(repository, 'build/screenshots');
const readme = join(repository, 'frontend/readme/meeting.png');
const README_BYTES = 300_000;
const readmeLook = { theme: 'dark', width: 1120, height: 700 };

const faces = mkdtempSync(join(tmpdir(), 'bedrud-faces-'));
const stage = new Stage(console.log);
let count = 0;
try {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  // Chromium shows the path as the camera's name, so it should be a short one
  process.chdir(faces);
  const files = [1, 2, 3, 4].map((number) => `Camera ${number}.y4m`);
  await drawFaces(files);
  const invite = (name, options) => {
    const face = files[['Anna Berg', 'Bo Larsen', 'Cleo Okafor'].indexOf(name)] ?? files.at(-1);
    return stage.person(name, { ...options, flags: [`--use-file-for-fake-video-capture=${face}`] });
  };
  await tour(stage, invite, picture);
  writeFileSync(join(directory, 'index.html'), sheet(readdirSync(directory).filter((file) => file.endsWith('.png'))));
  console.log(`Every screen is in ${join(directory, 'index.html')}`);
} catch (error) {
  await stage.tell('screenshots');
  throw error;
} finally {
  await stage.close();
  rmSync(faces, { recursive: true, force: true });
}

async function picture(name, page, arrange) {
  count += 1;
  for (const look of looks) {
    await put(page, look, arrange);
    const file = `${String(count).padStart(2, '0')}-${name}-${look.theme}-${look.width}.png`;
    await page.screenshot({ path: join(directory, file) });
  }
  await put(page, looks[0], arrange);
  if (name === 'meeting-three') await readmePicture(page);
}

/** A photograph is no longer readable when it is squeezed, so the size is a bar and not a target. */
async function readmePicture(page) {
  await put(page, readmeLook);
  await page.screenshot({ path: readme });
  const bytes = statSync(readme).size;
  if (bytes > README_BYTES) throw new Error(`${readme} has ${bytes} bytes; ${README_BYTES} are the most.`);
}

function sheet(files) {
  const names = [...new Set(files.map((file) => file.replace(/-(light|dark)-\d+\.png$/, '')))];
  const row = (name) => {
    const pictures = looks.map(({ theme, width }) => `${name}-${theme}-${width}.png`);
    const images = pictures.map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`);
    return `<h2>${name}</h2><div>${images.join('')}</div>`;
  };
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>
  body { font: 16px system-ui; margin: 24px; background: #ddd } div { display: flex; gap: 12px; align-items: flex-start }
  img { height: 360px; display: block }</style>${names.map(row).join('\n')}\n`;
}
