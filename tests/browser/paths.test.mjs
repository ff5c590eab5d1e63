/** What happens to people on their way: two tabs, and a session that ends. */
import assert from 'node:assert/strict';
import { register } from './api.mjs';
import { scene } from './scene.mjs';

scene('the same account in a second tab takes the meeting over, and the first says so and can take it back', async (stage) => {
  await stage.begin();
  const owner = await register(stage.daemon, 'Anna');
  await owner.room('standup');
  const anna = await stage.person('Anna');
  await anna.signIn();
  await anna.join('standup');
  const bo = await stage.person('Bo');
  await bo.join('standup');
  await bo.sees('Anna');

  const first = anna.page;
  anna.page = await anna.context.newPage();
  await anna.join('standup');
  await first.getByRole('heading', { name: 'You joined from another place', exact: true }).waitFor();
  assert.equal(await bo.tile('Anna').count(), 1);
  await bo.sees('Anna');

  await first.getByRole('button', { name: 'Use it here', exact: true }).click();
  await first.getByRole('button', { name: 'Join', exact: true }).click();
  await first.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  await anna.isTold('You joined from another place');
  assert.equal(await bo.tile('Anna').count(), 1);
});

scene('a session that ends in the call does not end the call', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.context.clearCookies();
  await bo.write('Still here without a session.');
  await anna.reads('Still here without a session.');
  await anna.sees('Bo');
  // a guest without a session is a new guest, and is asked for the name again
  await bo.page.reload();
  await bo.button('Join').waitFor();
  await bo.comeIn();
  await anna.sees('Bo');
});
