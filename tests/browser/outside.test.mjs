/** Everything around the meeting, as somebody meets it: links, languages, rooms, permissions, old and odd browsers. */
import assert from 'node:assert/strict';
import { login, register } from './api.mjs';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

/** Browsers that ask and get no answer, instead of Chromium's made-up yes. */
const REFUSING = { shares: 'nothing', context: { permissions: [] } };

scene('whatever somebody pastes, the start page knows the room or says why not', async (stage) => {
  await stage.begin();
  await stage.admin.room('design-review');
  const anna = await stage.person('Anna');
  const type = async (value) => {
    await anna.goTo('/');
    await anna.fill('Link or room name', value);
    await anna.press('Join');
  };
  for (const value of [' Design Review ', `${stage.daemon.url.toUpperCase()}/m/Design-Review?x=1`, '/c/design-review']) {
    await type(value);
    await anna.heading('design-review').waitFor();
  }
  await type('https://elsewhere.example/m/design-review');
  await anna.page.getByText('That link belongs to elsewhere.example. Open it there.').waitFor();
  await type('<b>no</b>');
  await anna.page.getByText(/^That is not a room/).waitFor();
  // shared from another app
  await anna.goTo(`/?title=Come&text=${encodeURIComponent(`Look: ${stage.daemon.url}/m/design-review`)}`);
  await anna.heading('design-review').waitFor();
  await anna.goTo('/M-i-s-t-a-k-e');
  await anna.isTold('There is nothing at this address');
  assert.deepEqual(anna.complaints.filter((line) => !line.includes('404')), []);
});

scene('rooms are made, adjusted, deleted and taken back', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.createRoom('garden');
  const row = anna.page.getByRole('listitem').filter({ hasText: 'garden' });
  await anna.press('Settings of garden');
  await anna.page.getByLabel('Most people at once').fill('many');
  await anna.press('Save');
  await anna.page.getByText('Enter a whole number, 1 or more.').waitFor();
  await anna.page.getByLabel('Most people at once').fill('5');
  await anna.page.getByLabel('Invited people, moderators and whom they let in').check();
  await anna.page.getByRole('switch', { name: 'write in the chat' }).uncheck();
  await anna.press('Save');
  await row.getByText('private').waitFor();
  const api = await login(stage.daemon, 'Anna');
  const rooms = async () => {
    const { status, ...list } = await api.ask('GET', '/api/room/list');
    return Object.values(list);
  };
  const [{ maxParticipants, isPublic, settings }] = await rooms();
  assert.deepEqual([maxParticipants, isPublic, settings.allowChat], [5, false, false]);

  await anna.press('Settings of garden');
  await anna.press('Delete garden');
  await row.waitFor({ state: 'detached' });
  await anna.press('Undo');
  await row.waitFor();
  assert.equal((await rooms()).length, 1);

  await anna.press('Settings of garden');
  await anna.press('Delete garden');
  await row.waitFor({ state: 'detached' });
  // whoever goes on means it
  await anna.page.getByRole('link', { name: /^Settings/ }).click();
  await anna.heading('Where you are signed in').waitFor();
  await until('the room to be gone', async () => (await rooms()).length === 0);
});

scene('somebody with an account sees who is inside of all their rooms, private ones too, and only of theirs', async (stage) => {
  await stage.begin();
  const owner = await register(stage.daemon, 'Anna');
  await owner.room('closed-circle', { isPublic: false });
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.join('closed-circle');
  const rooms = await until('the server to know who is inside', async () => {
    const { rooms } = await owner.do('GET', '/api/room/inside');
    return rooms.length > 0 && rooms;
  });
  const dashboard = await anna.context.newPage();
  await dashboard.goto('/dashboard');
  await dashboard.getByText('1 inside now').waitFor();
  assert.deepEqual(rooms.map(({ count, participants }) => [count, participants[0].name]), [[1, 'Anna']]);
  assert.deepEqual((await stage.admin.do('GET', '/api/room/inside')).rooms, []);
});

scene('name, password, devices and looks are one’s own to change', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  await login(stage.daemon, 'Anna');
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.page.getByRole('link', { name: /^Settings/ }).click();
  await anna.fill('Your name', '\u3164\u3164');
  await anna.press('Save');
  await anna.page.getByText(/^This name cannot be used/).waitFor();
  await anna.fill('Your name', 'Anna Berg');
  await anna.press('Save');
  await anna.page.getByText('Your profile is saved.').waitFor();
  await anna.page.getByText('this device').waitFor();
  await anna.page.getByRole('button', { name: /^Sign out A device/ }).first().click();
  await anna.page.getByText(/is signed out\.$/).waitFor();
  await anna.page.getByLabel('Dark').check();
  await anna.page.reload();
  await anna.heading('Settings').waitFor();
  assert.equal(await anna.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  assert.deepEqual(anna.complaints.filter((line) => !line.includes('400')), []);
});

scene('the page speaks the browser’s language, and another one when asked', async (stage) => {
  await stage.begin();
  const anna = await stage.person('Anna', { context: { locale: 'de-AT' } });
  await anna.goTo('/');
  await anna.heading('An einer Besprechung teilnehmen').waitFor();
  assert.equal(await anna.page.getAttribute('html', 'lang'), 'de');
  await anna.page.getByLabel('Sprache').selectOption('English');
  await anna.heading('Join a meeting').waitFor();
  await anna.page.reload();
  await anna.heading('Join a meeting').waitFor();
  const asked = anna.requests.filter((url) => url.includes('/_app/')).length;
  assert.ok(asked < 20, `${asked} files, as if all languages came`);
});

scene('a refused permission is named with the way to it, and taken when it is granted after all', async (stage) => {
  await stage.begin();
  await stage.admin.room('garden');
  const anna = await stage.person('Anna', REFUSING);
  await anna.goTo('/m/garden');
  await anna.page.getByText(/^Camera and microphone are blocked.*left of the address.*join without/).waitFor();
  await anna.context.grantPermissions(['camera', 'microphone']);
  await anna.page.getByLabel('Your camera').waitFor();
  await anna.page.getByRole('meter', { name: 'Microphone level' }).waitFor();
  await anna.comeIn();
  const bo = await stage.person('Bo');
  await bo.join('garden');
  await bo.sees('Anna');
});

scene('with storage switched off the page forgets, and works', async (stage) => {
  await stage.begin();
  await stage.admin.room('garden');
  const anna = await stage.person('Anna');
  await anna.context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('switched off', 'SecurityError');
        },
      });
    }
  });
  await anna.goTo('/');
  await anna.heading('Join a meeting').waitFor();
  await anna.join('garden');
  await anna.leave();
  assert.deepEqual(anna.complaints.filter((line) => line.startsWith('script')), []);
});

scene('browsers that cannot run the page are told so', async (stage) => {
  await stage.begin();
  const anna = await stage.person('Anna');
  const plain = await (await anna.browser.newContext({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${stage.daemon.url}/m/garden`);
  await plain.getByRole('heading', { name: 'Bedrud needs JavaScript' }).waitFor();
  const old = await (await anna.browser.newContext()).newPage();
  await old.addInitScript(() => delete AbortSignal.timeout);
  await old.goto(`${stage.daemon.url}/m/garden`);
  await old.getByRole('heading', { name: 'This browser is too old for a meeting' }).waitFor();
});

scene('the page can be installed', async (stage) => {
  await stage.begin();
  const { url } = stage.daemon;
  const answer = await fetch(`${url}/app.webmanifest`);
  assert.match(answer.headers.get('content-type'), /^application\/manifest\+json/);
  const manifest = await answer.json();
  for (const { src, type } of manifest.icons) {
    const icon = await fetch(url + src);
    assert.equal(icon.headers.get('content-type'), type, src);
  }
  assert.equal((await fetch(`${url}/favicon.ico`)).status, 200);
  const anna = await stage.person('Anna');
  await anna.goTo('/');
  const devtools = await anna.context.newCDPSession(anna.page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // the browsers of the tests are private windows, where nothing is ever installed
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
  assert.deepEqual(anna.complaints, []);
});

scene('odd names come in, or are told why not', async (stage) => {
  await stage.begin();
  await stage.admin.room('garden');
  const anna = await stage.person('Anna');
  await anna.goTo('/m/garden');
  const join = async (name) => {
    await anna.fill('Your name', name);
    await anna.press('Join');
  };
  await join('   ');
  await anna.page.getByText('Enter the name that others will see.').waitFor();
  // more than fifty characters, an override of the direction of writing, and one of which nothing is seen
  for (const name of ['x'.repeat(51), 'Anna\u202Egnirob', '\u3164\u3164']) {
    await join(name);
    await anna.page.getByText(/^This name cannot be used/).waitFor();
    assert.equal(await anna.page.getByLabel('Your name').inputValue(), name);
  }
  await join('🌻'.repeat(12));
  await anna.isInside();
  const bo = await stage.person('<img src=x onerror=alert(1)>');
  await bo.join('garden');
  await anna.tile(bo.name).waitFor();
  assert.deepEqual(anna.complaints.filter((line) => line.startsWith('script:')), []);
});
