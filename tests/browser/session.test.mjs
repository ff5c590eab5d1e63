/** What ends or fails under a meeting: access tokens, sessions, a camera that somebody else has. Nothing typed is lost. */
import assert from 'node:assert/strict';
import { login, PASSWORD, register } from './api.mjs';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

const DRAFT = 'half a thought';

/** Anna in her own room. */
async function annaAtHome(stage, more = {}) {
  await stage.begin();
  const owner = await register(stage.daemon, 'Anna');
  await owner.room('garden', more);
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.join('garden');
  return anna;
}

scene('an access token that ends in the call is renewed without a word', async (stage) => {
  const anna = await annaAtHome(stage);
  const bo = await stage.person('Bo');
  await bo.join('garden');
  // as the server does it after a quarter of an hour
  let asked = 0;
  await anna.context.route('**/api/room/*/mute/*', (route) => {
    asked += 1;
    const refusal = { status: 401, json: { error: 'The access token has ended.', code: 'unauthorized' } };
    return asked > 1 ? route.continue() : route.fulfill(refusal);
  });
  const renewals = () => anna.requests.filter((url) => url.endsWith('/api/auth/refresh')).length;
  const before = renewals();
  await anna.press(/^People/);
  await anna.press('Moderate Bo');
  await anna.page.getByRole('menuitem', { name: /^Mute/ }).click();
  await anna.page.getByText('Bo is muted.').first().waitFor();
  assert.deepEqual([asked, renewals() - before], [2, 1]);
});

scene('a session that is ended from elsewhere leaves the call alone, says so, and loses no word', async (stage) => {
  const anna = await annaAtHome(stage, { isPublic: false });
  assert.deepEqual(anna.complaints, [], 'of a private room nothing is asked that is refused');
  await anna.press(/^Chat/);
  const field = anna.page.getByLabel('Message', { exact: true });
  await field.fill(DRAFT);
  const other = await login(stage.daemon, 'Anna');
  const { status, ...sessions } = await other.ask('GET', '/api/auth/sessions');
  assert.equal(status, 200);
  for (const session of Object.values(sessions).flat())
    if (!session.current) await other.do('DELETE', `/api/auth/sessions/${session.id}`);
  assert.ok(await anna.button('Leave').isVisible(), 'the meeting goes on');

  await anna.page.reload();
  await anna.page.getByRole('link', { name: 'Sign in' }).click();
  await anna.fill('E-mail', 'anna@example.org');
  await anna.fill('Password', PASSWORD);
  await anna.press('Sign in');
  // as after any reload of a meeting
  await anna.isInside();
  await anna.press(/^Chat/);
  await until('the half thought to be there again', async () => (await field.inputValue()) === DRAFT);
});

scene('a camera that another program has is named before the meeting, and taken when it is free', async (stage) => {
  await stage.begin();
  await stage.admin.room('garden');
  const bo = await stage.person('Bo');
  await bo.context.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    window.busy = true;
    devices.getUserMedia = (wanted) =>
      window.busy && wanted.video ? Promise.reject(new DOMException('in use', 'NotReadableError')) : ask(wanted);
  });
  await bo.goTo('/m/garden');
  await bo.fill('Your name', 'Bo');
  await bo.page.getByText(/^The camera is in use by another program/).waitFor();
  await bo.page.evaluate(() => (window.busy = false));
  await bo.press('Turn camera on');
  await bo.page.getByLabel('Your camera').waitFor();
  assert.equal(await bo.page.getByLabel('Your name', { exact: true }).inputValue(), 'Bo');
  await bo.comeIn();
});
