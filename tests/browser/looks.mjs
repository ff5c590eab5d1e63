/** The ways a screen is looked at: both themes, desk, large screen and phone. */

export const looks = ['light', 'dark'].flatMap((theme) => [
  { theme, width: 1280, height: 800 },
  { theme, width: 1920, height: 1080 },
  { theme, width: 390, height: 844 },
]);

/** Brings the page into this look and waits until it has been drawn so. */
export async function put(page, { theme, width, height }, arrange) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  await arrange?.();
  await page.evaluate(async () => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await drawn();
    const videos = [...document.querySelectorAll('video')].filter((video) => video.checkVisibility() && !video.paused);
    // a picture of the new size is shown, not the old one stretched
    const next = (video) => new Promise((done) => video.requestVideoFrameCallback(done));
    const enough = new Promise((done) => setTimeout(done, 2000));
    await Promise.race([Promise.all(videos.map(next)), enough]);
    await drawn();
  });
}
