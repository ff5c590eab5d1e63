/**
 * `make screenshots`: a picture of every screen in every look, a sheet of them all, and the two in the README's folder.
 * `node screenshots.mjs sizes` walks only there.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactSheet } from './contact.mjs';
import { drawFaces } from './faces.mjs';
import { looks, put } from './looks.mjs';
import { encode } from './pictures.mjs';
import { repository } from './programs.mjs';
import { Stage } from './scene.mjs';
import { sizes } from './sizes.mjs';
import { tour } from './tour.mjs';

const directory = join(repository, 'build/screenshots');
const readme = join(repository, 'frontend/readme/meeting.png');
const README_BYTES = 300_000;
const contact = join(repository, 'frontend/readme/screens.jpg');
const CONTACT_BYTES = 400_000;
const FACES = 12;
const readmeLook = { theme: 'dark', width: 1120, height: 700 };

const parts = process.argv.length > 2 ? process.argv.slice(2) : ['tour', 'sizes'];
const walks = { tour: tourOfScreens, sizes: tourOfSizes };
const faces = mkdtempSync(join(tmpdir(), 'bedrud-faces-'));
const files = Array.from({ length: FACES }, (_, index) => `Camera ${index + 1}.y4m`);
let count = 0;
try {
  mkdirSync(directory, { recursive: true });
  // Chromium shows the path as the camera's name, so it should be a short one
  process.chdir(faces);
  await drawFaces(files);
  for (const part of parts) await walk(part);
  const screens = screensOf(readdirSync(directory));
  writeFileSync(join(directory, 'index.html'), sheet(screens));
  await contactSheet(directory, screens, contact, CONTACT_BYTES);
  console.log(`Every screen is in ${join(directory, 'index.html')}`);
} finally {
  rmSync(faces, { recursive: true, force: true });
}

/** One walk with its own server and people; what it had drawn before is drawn anew. */
async function walk(part) {
  for (const file of readdirSync(directory)) if (file.startsWith(part)) rmSync(join(directory, file));
  const stage = new Stage(console.log);
  count = 0;
  try {
    await walks[part](stage, (name, page, arrange) => picture(part, name, page, arrange));
  } catch (error) {
    await stage.tell('screenshots');
    throw error;
  } finally {
    await stage.close();
  }
}

function before(face) {
  return [`--use-file-for-fake-video-capture=${face}`];
}

function tourOfScreens(stage, show) {
  const invite = (name, options) => {
    const face = files[['Anna Berg', 'Bo Larsen', 'Cleo Okafor'].indexOf(name)] ?? files[3];
    return stage.person(name, { ...options, flags: before(face) });
  };
  return tour(stage, invite, show);
}

function tourOfSizes(stage, show) {
  const invite = (name) => stage.person(name, { flags: before(files[0]) });
  return sizes(stage, { invite, show, pictureOf });
}

/** The first come have the largest tiles; every face serves twice, the second time turned about. */
async function pictureOf(index) {
  const height = index < 3 ? 540 : index < 8 ? 360 : 180;
  const face = files[(index + 1) % FACES];
  const path = join(faces, `${index}.ivf`);
  if (!existsSync(path)) await encode(join(faces, face), path, height, index + 1 >= FACES);
  return path;
}

async function picture(part, name, page, arrange) {
  count += 1;
  for (const look of looks) {
    await put(page, look, arrange);
    const file = `${part}-${String(count).padStart(2, '0')}-${name}-${look.theme}-${look.width}.png`;
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

/** The screens by name, each with its files in the order of the looks. */
function screensOf(all) {
  const names = [...new Set(all.flatMap((file) => file.match(/^(.+)-(light|dark)-\d+\.png$/)?.[1] ?? []))];
  const filesOf = (name) => looks.map(({ theme, width }) => `${name}-${theme}-${width}.png`);
  return names
    .sort((a, b) => b.split('-')[0].localeCompare(a.split('-')[0]) || a.localeCompare(b))
    .map((name) => ({ name, files: filesOf(name).filter((file) => all.includes(file)) }));
}

function sheet(screens) {
  const row = ({ name, files }) => {
    const images = files.map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`);
    return `<h2>${name}</h2><div>${images.join('')}</div>`;
  };
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>
  body { font: 16px system-ui; margin: 24px; background: #ddd } div { display: flex; gap: 12px; align-items: flex-start }
  img { height: 360px; display: block }</style>${screens.map(row).join('\n')}\n`;
}
