/** One's background out of focus: nothing of it is loaded before it is wanted, all of it comes from here, and it stays. */
import assert from 'node:assert/strict';
import { SMALL_CAMERA, WITH_WEBGL } from './person.mjs';
import { STARVED, scene } from './scene.mjs';
import { rising, until } from './wait.mjs';

/** In software, a picture takes its time. */
const SLOW = { withinMs: 60_000 };
const BLUR = 'Blur my background';

const loaded = (person) => person.requests.filter((url) => new URL(url).pathname.startsWith('/blur/'));

/** How much neighbours differ in the picture of this video: much in a sharp one. */
const sharpness = (video) =>
  video.evaluate((element) => {
    const [width, height] = [element.videoWidth, element.videoHeight];
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
    context.drawImage(element, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let sum = 0;
    for (let at = 4; at < data.length; at += 4) sum += Math.abs(data[at + 1] - data[at - 3]);
    return sum / (width * height);
  });

const pictures = (video) => video.evaluate((element) => element.getVideoPlaybackQuality().totalVideoFrames);

scene('the background is blurred from the preview on, in the call, and after a reload', async (stage) => {
  await stage.begin();
  await stage.admin.room('garden');
  const bo = await stage.person('Bo');
  await bo.join('garden');
  const anna = await stage.person('Anna', { flags: WITH_WEBGL });
  await anna.context.addInitScript(SMALL_CAMERA);
  anna.context.setDefaultTimeout(SLOW.withinMs);
  await anna.goTo('/m/garden');
  const preview = anna.page.getByLabel('Your camera');
  await preview.waitFor();
  await rising('pictures of the preview', () => pictures(preview), 5);
  const sharp = await sharpness(preview);
  assert.deepEqual(loaded(anna), [], 'nothing of it is loaded before it is wanted');

  await anna.press(BLUR);
  await until('the preview to be blurred', async () => (await sharpness(preview)) < sharp / 2, SLOW);
  await rising('pictures of the blurred preview', () => pictures(preview), 5, SLOW);
  await anna.comeIn();
  await bo.sees('Anna', SLOW);
  const sent = () => anna.page.evaluate(() => window.seen.sentKinds('video'));
  assert.deepEqual(await sent(), ['processed']);
  const seenByBo = bo.tile('Anna').locator('video');
  assert.ok((await sharpness(seenByBo)) < sharp / 2, 'Bo sees no sharp background');

  const wish = async () => {
    await anna.press('More');
    await anna.page.getByRole('menuitem', { name: 'Devices' }).click();
    const box = anna.page.getByRole('checkbox', { name: new RegExp(`^${BLUR}`) });
    await box.click();
    await anna.press('Close');
  };
  await wish();
  await until('the camera itself to be sent', async () => (await sent())[0] === 'device', SLOW);
  await bo.sees('Anna', SLOW);
  await wish();
  await until('the blurred picture to be sent again', async () => (await sent())[0] === 'processed', SLOW);

  await anna.page.reload();
  await anna.isInside();
  await until('the blurred picture to be sent after a reload', async () => (await sent())[0] === 'processed', SLOW);
  await bo.sees('Anna', SLOW);
  assert.notEqual(loaded(anna).length, 0);
  const own = new URL(stage.daemon.url).host;
  const hosts = anna.requests.filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url).host);
  assert.deepEqual([...new Set(hosts)], [own], 'program, network and weights come from this server');
  assert.deepEqual(await anna.page.evaluate(() => window.seen.violations), []);
}, { spoiled: STARVED });

scene('a machine that cannot blur says so, and one comes in as one is', async (stage) => {
  await stage.begin();
  await stage.admin.room('garden');
  const bo = await stage.person('Bo', { flags: ['--disable-3d-apis'] });
  await bo.goTo('/m/garden');
  await bo.page.getByLabel('Your camera').waitFor();
  await bo.press(BLUR);
  await bo.page.getByText('The background cannot be blurred on this device.').waitFor();
  assert.deepEqual(loaded(bo), []);
  await bo.comeIn();
  const anna = await stage.person('Anna');
  await anna.join('garden');
  await anna.sees('Bo');
});
