/** Signing in by a provider, from the page to there and back, as a person does it. */
import assert from 'node:assert/strict';
import { login, register } from './api.mjs';
import { startProvider } from './provider.mjs';
import { scene } from './scene.mjs';

async function withProvider(settings, play) {
  const provider = await startProvider({ asks: true, ...settings });
  try {
    await play(provider, { auth: { providers: [provider.section] } });
  } finally {
    await provider.close();
  }
}

const way = (person, name) => person.page.getByRole('link', { name, exact: true });

scene('a stranger changes their mind at the provider, agrees the next time, and has an account', (stage) =>
  withProvider({}, async (_provider, config) => {
    await stage.begin({ config });
    const anna = await stage.person('Anna');
    const { account, common, rooms, settings, problems } = anna.words;
    await anna.goTo('/signin?to=%2Fsettings');
    await way(anna, account.byProvider('Example')).click();
    await anna.press('Cancel');
    await anna.page.getByText(problems.provider_denied).waitFor();
    await anna.page.getByRole('main').getByRole('link', { name: common.signIn, exact: true }).click();
    await way(anna, account.byProvider('Example')).click();
    await anna.press('Sign in as anna');
    await anna.heading(rooms.title).waitFor();
    // a browser that comes again is still signed in
    await anna.goTo('/settings');
    const ways = anna.page.getByRole('region', { name: settings.providers });
    await ways.getByText('anna@example.org').waitFor();
    await ways.getByRole('button', { name: /^Remove / }).click();
    await anna.page.getByRole('dialog').getByRole('button', { name: settings.removePasskey }).click();
    await anna.page.getByText(problems.last_way_in).waitFor();
    // nothing of it stands in an address
    assert.ok(!anna.page.url().includes('code='));
  }),
);

scene('somebody links their account in the settings, and comes in by it where they wanted to go', (stage) =>
  withProvider({ who: 'bo' }, async (_provider, config) => {
    await stage.begin({ config });
    await register(stage.daemon, 'Bo');
    const bo = await stage.person('Bo');
    const { account, common, settings, problems } = bo.words;
    // an address that nobody has proven here links nothing by itself
    await bo.goTo('/signup');
    await way(bo, account.byProvider('Example')).click();
    await bo.press('Sign in as bo');
    await bo.page.getByText(problems.provider_mail_held).waitFor();
    await bo.signIn();
    await bo.goTo('/settings');
    await bo.press(settings.linkProvider('Example'));
    // the provider knows this browser by now, and sends it on at once
    const ways = bo.page.getByRole('region', { name: settings.providers });
    await ways.getByText('bo@example.org').waitFor();
    await bo.press(common.signOut);
    await bo.goTo('/signin?to=%2Fsettings');
    await way(bo, account.byProvider('Example')).click();
    await ways.getByText('bo@example.org').waitFor();
    await ways.getByRole('button', { name: /^Remove / }).click();
    await bo.page.getByRole('dialog').getByRole('button', { name: settings.removePasskey }).click();
    await bo.page.getByText(settings.linkRemoved('Example, bo@example.org')).waitFor();
  }),
);

scene('an invitation to a room is still there after signing in at a provider, which is not told of it', (stage) =>
  withProvider({}, async (_provider, config) => {
    await stage.begin({ config });
    await register(stage.daemon, 'Bo');
    const api = await login(stage.daemon, 'Bo');
    const { id } = await api.room('garden', { isPublic: false });
    const { path } = await api.do('POST', `/api/room/${id}/invitations`, {});
    const anna = await stage.person('Anna');
    await anna.goTo(path);
    await anna.page.getByRole('link', { name: 'Sign in' }).click();
    await way(anna, anna.words.account.byProvider('Example')).click();
    await anna.press('Sign in as anna');
    await anna.comeIn();
    const asked = anna.requests.filter((url) => url.split('#')[0].includes('invitation=') || (url.includes('#') && url.includes('provider')));
    assert.deepEqual(asked, [], 'nobody on the way is told the secret');
  }),
);
