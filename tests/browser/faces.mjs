/** Moving pictures of made-up people for the camera of Chromium, so that screenshots show a meeting and not a test card. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { chromium as playwright } from 'playwright-core';
import { chromium } from './programs.mjs';

const WIDTH = 960;
const HEIGHT = 540;
const FRAMES_PER_SECOND = 15;
const FRAMES = 30;

const looks = [
  { wall: ['#e8c79a', '#b98a5c'], light: '#fff1cf', plant: '#5d7f4f', skin: '#f0c4a0', hair: '#5a3320', style: 'long', top: '#8d3b2b' },
  { wall: ['#b9cfd2', '#6f9097'], light: '#f4fbff', plant: '#3f6b57', skin: '#c98f66', hair: '#1f1a18', style: 'short', top: '#2f4858' },
  { wall: ['#d9cbe0', '#8d7a9c'], light: '#fff4e2', plant: '#6b8f5b', skin: '#8a5a3c', hair: '#17110f', style: 'bun', top: '#d9a441' },
  { wall: ['#cfd8b8', '#879467'], light: '#fffbe0', plant: '#466b3c', skin: '#f3d2b8', hair: '#c9a15a', style: 'short', top: '#4a5a3a' },
  { wall: ['#cfc4b4', '#7f7263'], light: '#fff3da', plant: '#4f7350', skin: '#a06a45', hair: '#0f0c0a', style: 'short', top: '#d39a3a' },
  { wall: ['#b8c3cf', '#5f6f83'], light: '#eef6ff', plant: '#3d6a52', skin: '#f0c9a8', hair: '#a8653a', style: 'long', top: '#31527b' },
  { wall: ['#d8c2c6', '#8a6a74'], light: '#fff0ea', plant: '#5c7d4a', skin: '#c98f66', hair: '#3a2a22', style: 'bun', top: '#4f7a63' },
  { wall: ['#c7d3c9', '#6c8474'], light: '#f8fff0', plant: '#365e44', skin: '#e0b08c', hair: '#6b6560', style: 'short', top: '#6b4a7a' },
  { wall: ['#e2d2ae', '#a58a55'], light: '#fff8d8', plant: '#55793f', skin: '#6f452d', hair: '#120d0b', style: 'long', top: '#b5533c' },
  { wall: ['#c9c6d8', '#767092'], light: '#f6f2ff', plant: '#4a7058', skin: '#f6d8c0', hair: '#d8b878', style: 'bun', top: '#7b2f45' },
  { wall: ['#bcd0cb', '#5d7f79'], light: '#effffa', plant: '#2f6147', skin: '#b57c55', hair: '#2a1a12', style: 'short', top: '#e8d9bd' },
  { wall: ['#dcc7b8', '#92705c'], light: '#ffeede', plant: '#5d7f4f', skin: '#f0c4a0', hair: '#8c8680', style: 'long', top: '#2c5d66' },
];

/** Writes one file of raw video (YUV4MPEG2) per path; each shows somebody else. */
export async function drawFaces(paths) {
  const browser = await playwright.launch({ executablePath: chromium(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    await page.evaluate(`window.room = ${room}; window.paint = ${paint}; window.planes = ${planes}`);
    for (const [index, path] of paths.entries()) {
      const file = openSync(path, 'w');
      writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
      for (let frame = 0; frame < FRAMES; frame += 1) {
        const turn = frame / FRAMES;
        const base64 = await page.evaluate(
          ([look, turn, width, height]) => window.planes(window.paint(look, turn, width, height)),
          [{ ...looks[index % looks.length], phase: index * 0.29 }, turn, WIDTH, HEIGHT],
        );
        writeSync(file, 'FRAME\n');
        writeSync(file, Buffer.from(base64, 'base64'));
      }
      closeSync(file);
    }
  } finally {
    await browser.close();
  }
}

/** In the browser: the room behind somebody, out of focus. */
function room(look, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const c = canvas.getContext('2d', { willReadFrequently: true });
  const wall = c.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, look.wall[0]);
  wall.addColorStop(1, look.wall[1]);
  c.fillStyle = wall;
  c.fillRect(0, 0, width, height);
  c.filter = 'blur(14px)';
  c.fillStyle = look.light;
  c.fillRect(width * 0.06, height * 0.08, width * 0.2, height * 0.5);
  c.fillStyle = look.wall[1];
  c.fillRect(width * 0.155, height * 0.08, 10, height * 0.5);
  c.fillStyle = '#7a5a44';
  c.fillRect(width * 0.84, height * 0.62, width * 0.1, height * 0.24);
  c.fillStyle = look.plant;
  for (let leaf = 0; leaf < 6; leaf += 1) {
    const x = width * (0.83 + 0.022 * leaf);
    c.beginPath();
    c.ellipse(x, height * (0.5 - 0.05 * (leaf % 3)), 20, 78, (leaf - 2.5) * 0.36, 0, 2 * Math.PI);
    c.fill();
  }
  return canvas;
}

/** In the browser: one frame of somebody at home before a camera. `turn` runs from 0 to 1 and closes the loop. */
function paint(look, turn, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const c = canvas.getContext('2d', { willReadFrequently: true });
  const wave = (times, shift = 0) => Math.sin(2 * Math.PI * (turn * times + look.phase + shift));
  const shape = (fill, draw) => {
    c.beginPath();
    draw();
    c.fillStyle = fill;
    c.fill();
  };
  const oval = (fill, x, y, rx, ry, lean = 0) => shape(fill, () => c.ellipse(x, y, rx, ry, lean, 0, 2 * Math.PI));

  // blurring is dear, and walls do not move
  window.rooms ??= new Map();
  if (!window.rooms.has(look.phase)) window.rooms.set(look.phase, window.room(look, width, height));
  c.drawImage(window.rooms.get(look.phase), 0, 0);

  const x = width / 2 + wave(1) * 9;
  const y = height * 0.45 + wave(2, 0.2) * 3;
  const lean = wave(1, 0.15) * 0.035;
  const shade = 'rgb(0 0 0 / 0.14)';
  shape(look.top, () => c.roundRect(width / 2 - 215 + wave(1) * 4, height * 0.79, 430, 260, [130, 130, 0, 0]));
  c.save();
  c.translate(x, y);
  c.rotate(lean);
  if (look.style === 'long') shape(look.hair, () => c.roundRect(-128, -150, 256, 330, [128, 128, 60, 60]));
  if (look.style === 'bun') oval(look.hair, 0, -172, 52, 46);
  shape(look.skin, () => c.roundRect(-44, 70, 88, 140, 40));
  oval(shade, 0, 128, 46, 22);
  oval(look.skin, -108, 8, 18, 28);
  oval(look.skin, 108, 8, 18, 28);
  oval(look.skin, 0, 0, 106, 134);
  shape(look.hair, () => {
    c.moveTo(-112, 6);
    c.bezierCurveTo(-132, -202, 132, -202, 112, 6);
    c.bezierCurveTo(92, -66, 40, -84, -20, -80);
    c.bezierCurveTo(-66, -78, -100, -50, -112, 6);
  });
  const blink = turn > 0.46 && turn < 0.5 ? 0.12 : 1;
  for (const side of [-1, 1]) {
    oval('#fffaf4', side * 42, -6, 17, 11 * blink);
    oval('#33251d', side * 42 + wave(1, 0.3) * 3, -6, 8, 9 * blink);
    shape(look.hair, () => c.roundRect(side * 42 - 20, -36, 40, 7, 4));
    oval('rgb(200 70 50 / 0.13)', side * 60, 40, 24, 16);
  }
  shape(shade, () => c.ellipse(0, 34, 15, 9, 0, 0, Math.PI));
  const mouth = 8 + 7 * Math.max(0, wave(5)) * Math.max(0, wave(1, 0.4));
  shape('#7c2f2a', () => {
    c.moveTo(-34, 66);
    c.quadraticCurveTo(0, 66 + mouth * 2.4, 34, 66);
    c.quadraticCurveTo(0, 66 + mouth * 0.5, -34, 66);
  });
  c.restore();
  return c.getImageData(0, 0, width, height);
}

/** In the browser: the picture as planes of Y, U and V (full range, quarter-size colour), base64. */
function planes({ data, width, height }) {
  const bytes = new Uint8Array((width * height * 3) / 2);
  const u = width * height;
  const v = u + u / 4;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
      bytes[y * width + x] = 0.299 * r + 0.587 * g + 0.114 * b;
      if (x % 2 || y % 2) continue;
      const half = ((y / 2) * width) / 2 + x / 2;
      bytes[u + half] = Math.min(255, 128 - 0.169 * r - 0.331 * g + 0.5 * b);
      bytes[v + half] = Math.min(255, 128 + 0.5 * r - 0.419 * g - 0.081 * b);
    }
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
