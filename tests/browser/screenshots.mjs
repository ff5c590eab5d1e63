/**
 * `make screenshots`: a picture of every screen in every look, in two languages; what axe finds in any language; a sheet
 * of them all, and the two in the README's folder. `node screenshots.mjs sizes` walks only there.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactSheet } from './contact.mjs';
import { drawFaces } from './faces.mjs';
import { faults } from './faults.mjs';
import { desk, looks, phone, put } from './looks.mjs';
import { encode } from './pictures.mjs';
import { repository } from './programs.mjs';
import { Stage } from './scene.mjs';
import { sizes } from './sizes.mjs';
import { castOf } from './tour/cast.mjs';
import { tour } from './tour/tour.mjs';
import { languages } from './words.mjs';

const directory = join(repository, 'build/screenshots');
const readme = join(repository, 'frontend/readme/meeting.png');
const README_BYTES = 300_000;
const contact = join(repository, 'frontend/readme/screens.jpg');
const CONTACT_BYTES = 590_000;
const FACES = 12;
const readmeLook = { theme: 'dark', width: 1120, height: 700 };

/** The walks: with pictures in English and in a language that is read from the right; in all others axe alone looks. */
const walks = {
  tour: { language: 'en', play: tourOfScreens },
  persian: { language: 'fa', play: tourOfScreens },
  sizes: { language: 'en', play: tourOfSizes },
};
const spoken = Object.keys(await languages()).filter((code) => !['en', 'fa'].includes(code));
for (const language of spoken) walks[language] = { language, play: tourOfScreens, only: [desk, phone] };

const parts = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(walks);
const faces = mkdtempSync(join(tmpdir(), 'bedrud-faces-'));
const files = Array.from({ length: FACES }, (_, index) => `Camera ${index + 1}.y4m`);
const found = [];
let count = 0;
let taken = 0;
try {
  mkdirSync(directory, { recursive: true });
  // Chromium shows the path as the camera's name, so it should be a short one
  process.chdir(faces);
  await drawFaces(files);
  for (const part of parts) {
    // a machine that was starved for a minute shall not cost the twenty before it
    await walk(part).catch((error) => (console.error(`${part} is walked again:`, error), walk(part)));
  }
  const screens = screensOf(readdirSync(directory));
  writeFileSync(join(directory, 'index.html'), sheet(screens));
  await contactSheet(directory, screens, contact, CONTACT_BYTES);
  console.log(`${taken} pictures; every screen is in ${join(directory, 'index.html')}`);
} finally {
  rmSync(faces, { recursive: true, force: true });
}
if (found.length) {
  console.error(found.join('\n'));
  process.exitCode = 1;
}

/** One walk with its own server and people; what it had drawn before is drawn anew. */
async function walk(part) {
  const { language, play, only } = walks[part];
  for (const file of readdirSync(directory)) if (file.startsWith(`${part}-`)) rmSync(join(directory, file));
  const stage = new Stage(console.log);
  const began = Date.now();
  count = 0;
  try {
    await play(stage, language, (name, page, arrange) => look(part, only, name, page, arrange));
  } catch (error) {
    await stage.tell('screenshots');
    throw error;
  } finally {
    await stage.close();
  }
  console.log(`${part}: ${count} screens, ${Math.round((Date.now() - began) / 1000)} s`);
}

function before(face) {
  return [`--use-file-for-fake-video-capture=${face}`];
}

function tourOfScreens(stage, language, show) {
  const { host, guest, member } = castOf(language);
  const invite = (name, { flags = [], ...options }) => {
    const face = files[[host, guest, member].indexOf(name)] ?? files[3];
    return stage.person(name, { ...options, flags: [...flags, ...before(face)] });
  };
  return tour(stage, { language, invite }, show);
}

function tourOfSizes(stage, language, show) {
  const invite = (name) => stage.person(name, { language, flags: before(files[0]) });
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

/** A picture in every look, and in two of them what axe finds; with `only`, axe in those looks and no picture. */
async function look(part, only, name, page, arrange) {
  count += 1;
  for (const one of only ?? looks) {
    await put(page, one, arrange);
    const path = join(directory, `${part}-${String(count).padStart(2, '0')}-${name}-${one.theme}-${one.width}.png`);
    if (!only) await page.screenshot({ path });
    if (!only) taken += 1;
    if (![desk, phone].includes(one)) continue;
    for (const fault of await faults(page)) found.push(`${part} ${name} ${one.theme} ${one.width}: ${fault}`);
  }
  await put(page, desk, arrange);
  if (part === 'tour' && name === 'meeting-three') await readmePicture(page);
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
    .sort((a, b) => order(a) - order(b) || a.localeCompare(b))
    .map((name) => ({ name, files: filesOf(name).filter((file) => all.includes(file)) }));
}

function order(name) {
  return Object.keys(walks).indexOf(name.split('-')[0]);
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
