/** Many at the door from one address, as a class behind its school's router. */
import { Api } from './api.mjs';
import { scene } from './scene.mjs';

scene('whoever comes while too many are at the door is let in without pressing again', async (stage) => {
  const guest = { max: 2, windowSeconds: 15 };
  await stage.begin({ config: { rateLimit: { guest } } });
  await stage.admin.room('standup');
  const bo = await stage.person('Bo');
  await bo.goTo('/m/standup');
  await bo.page.getByLabel('Your name', { exact: true }).fill('Bo');
  // neighbours who were given a wrong link
  const neighbour = new Api(stage.daemon.url);
  for (const room of ['nowhere', 'no-one', 'nothing']) {
    await neighbour.ask('POST', '/api/room/guest-join', { roomName: room, guestName: 'Lost' });
  }
  await bo.press('Join');
  await bo.page.getByText('You will be let in by itself').waitFor();
  await bo.isInside();
});
