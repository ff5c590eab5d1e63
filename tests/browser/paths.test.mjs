/** What happens to people on their way: one account in two tabs. */
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
