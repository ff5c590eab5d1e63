/** The ways a screen is looked at: both themes, desk, large screen and phone; and what a reader may ask of the browser. */
import { pause } from './wait.mjs';

export const looks = ['light', 'dark'].flatMap((theme) => [
  { theme, width: 1280, height: 800 },
  { theme, width: 1920, height: 1080 },
  { theme, width: 390, height: 844 },
]);

/** By day at the desk and by night on a phone: a fault of colour or of width shows in one of the two. */
export const desk = looks[0];
export const phone = looks.at(-1);

/** A page that runs no scripts never says that it is drawn. */
const PATIENCE_MS = 5000;

/**
 * Brings the page into this look and waits until it has been drawn so. `media` is what the reader asks for beside the
 * theme: more contrast, colours of the system.
 */
export async function put(page, { theme, width, height, media }, arrange) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce', contrast: null, forcedColors: null, ...media });
  await page.setViewportSize({ width, height });
  await arrange?.();
  await Promise.race([page.evaluate(drawn, theme), pause(PATIENCE_MS)]);
}

/** In the browser: a meeting is dark unless the person chose light, as is chosen here. */
async function drawn(theme) {
  document.documentElement.dataset.theme = theme;
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frame();
  const videos = [...document.querySelectorAll('video')].filter((video) => video.checkVisibility() && !video.paused);
  // a picture of the new size is shown, not the old one stretched
  const next = (video) => new Promise((done) => video.requestVideoFrameCallback(done));
  const enough = new Promise((done) => setTimeout(done, 2000));
  await Promise.race([Promise.all(videos.map(next)), enough]);
  await frame();
}
