/** A meeting that grows from one to 25 people with moving pictures, and the ways of looking at it. */
import { until } from './wait.mjs';

const ROOM = 'design-review';
const COUNTS = [1, 2, 4, 9, 25];

const NAMES = [
  'Bo Larsen', 'Cem Aydin', 'Dilnoza Karimova', 'Emeka Obi', 'Farah Zand', 'Gesa Thomsen', 'Hana Sato', 'Ivo Petrov',
  'Júlia Moreira', 'Kwame Mensah', 'Lena Vogt', 'Mei Chen', 'Nuno Alves', 'Olga Sidorova', 'Priya Nair', 'Qasim Rahimi',
  'Rosa Jiménez', 'Sami Haddad', 'Tove Lind', 'Umut Demir', 'Vera Novak', 'Wim de Vries', 'Ximena Rojas', 'Yara Said',
];

/** Three of 25 have no camera, six no microphone. */
const hasCamera = (index) => index % 8 !== 3;
const hasSound = (index) => index % 4 !== 1;

/**
 * `show(name, page, arrange)` is called at each size, `invite(name)` brings whoever looks, and `pictureOf(index)` is the
 * file that this one's camera shows. Only the sizes in `counts` are shown.
 */
export async function sizes(stage, { invite, show, pictureOf, counts = COUNTS }) {
  await stage.begin({ config: { server: { maxParticipantsLimit: 200 } } });
  await stage.admin.room(ROOM, { maxParticipants: 50 });
  const anna = await invite('Anna Neri');
  await anna.join(ROOM);
  const crowd = stage.crowd();
  let inside = 1;
  for (const count of counts) {
    for (; inside < count; inside += 1) {
      const index = inside - 1;
      const picture = hasCamera(index) ? await pictureOf(index) : undefined;
      await crowd.join(ROOM, NAMES[index], { picture, sound: hasSound(index) });
    }
    await everybodyIsSeen(anna, count);
    if (count > 1) await crowd.speak(NAMES[0]);
    if (count > 1) await anna.page.locator('li.speaking').first().waitFor();
    await show(`people-${count}`, anna.page);
    if (count === 9) await ways(anna, show);
  }
  await shares(anna, crowd, show, await pictureOf(0));
}

/** As many tiles as people, and a picture in each that has one. */
async function everybodyIsSeen({ page, words }, count) {
  const tiles = page.getByRole('region', { name: words.meeting.people }).getByRole('listitem');
  await until(`${count} tiles with their pictures`, async () => {
    const running = await tiles.locator('video').evaluateAll((videos) => videos.filter((one) => one.videoWidth > 0).length);
    const expected = Array.from({ length: count - 1 }, (_, index) => index).filter(hasCamera).length + 1;
    return (await tiles.count()) === count && running >= expected;
  }, { withinMs: 60_000 });
}

async function ways(anna, show) {
  const { page, words } = anna;
  await page.keyboard.press('g');
  await page.getByRole('region', { name: words.stage.onStage(NAMES[0]) }).locator('video').waitFor();
  await show('speaker-view', page);
  await page.keyboard.press('g');
  const trigger = anna.button(words.stage.tileMenu(NAMES[2]));
  const menu = page.getByRole('menu', { name: words.stage.tileMenu(NAMES[2]) });
  const open = async () => {
    if (await menu.isVisible()) await page.keyboard.press('Escape');
    await trigger.focus();
    await page.keyboard.press('Enter');
    await menu.waitFor();
  };
  await show('tile-menu', page, open);
  if (!(await menu.isVisible())) await open();
  await page.getByRole('menuitem', { name: words.stage.connection }).click();
  await page.getByRole('dialog').getByText(words.line.direct, { exact: true }).waitFor();
  await show('connection', page);
  await page.keyboard.press('Escape');
}

async function shares({ page, words }, crowd, show, screen) {
  await crowd.share(NAMES[1], screen);
  await crowd.share(NAMES[4], screen);
  await page.getByRole('group', { name: words.stage.shares }).waitFor();
  await show('two-shares', page);
}
