/** What stands in the way of a meeting without anybody's will: the browser, the address, the server. */

export async function troubles({ stage, invite, show, cast, host, guest, room }) {
  const { common, endings, join, meeting } = host.words;
  await host.join(room);
  await guest.page.route('**/api/**', (route) => route.abort());
  await guest.goTo(`/m/${room}`);
  await guest.isTold(endings.unreachable.title);
  await show('unreachable', guest.page);
  await guest.close();
  await browsers({ stage, invite, show, cast, room });

  await stage.daemon.end('SIGTERM');
  const lost = [meeting.reconnecting, meeting.rejoining].map((words) => host.page.getByText(words));
  await lost[0].or(lost[1]).waitFor();
  await show('reconnecting', host.page);
  await host.leave();
  await host.press(endings.comeBack);
  await host.press(join.join);
  await host.page.getByText(common.unreachable).waitFor();
  await show('server-away', host.page);
}

async function browsers({ stage, invite, show, cast, room }) {
  const { port } = new URL(stage.daemon.url);
  const stranger = await invite(cast.stranger, { flags: ['--host-resolver-rules=MAP meet.example.org 127.0.0.1'] });
  await stranger.goTo(`http://meet.example.org:${port}/m/${room}`);
  await stranger.isTold(stranger.words.endings.insecure.title);
  await show('insecure', stranger.page);
  // these two have words of their own in the first file that is sent, and only in English
  const old = await (await stranger.browser.newContext()).newPage();
  await old.addInitScript(() => delete AbortSignal.timeout);
  await old.goto(`${stage.daemon.url}/m/${room}`);
  await old.getByRole('heading', { name: 'This browser is too old for a meeting' }).waitFor();
  await show('too-old', old);
  const plain = await (await stranger.browser.newContext()).newPage();
  await plain.route('**/m/*', withoutScripts);
  await plain.goto(`${stage.daemon.url}/m/${room}`);
  await plain.getByRole('heading', { name: 'Bedrud needs JavaScript' }).waitFor();
  await show('no-javascript', plain);
  await stranger.close();
}

/** The document as a browser reads that runs no scripts. One that really runs none could not be looked at by axe. */
async function withoutScripts(route) {
  const response = await route.fetch();
  const document = await response.text();
  await route.fulfill({ response, body: document.replace(/<script[^]*?<\/script>/g, '').replace(/<\/?noscript>/g, '') });
}
