/** Webhooks on the page: added, tried, seen to fail, sent again, and given another secret. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { faults } from './faults.mjs';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

/** Somebody's server: keeps what came and answers with `status`. */
async function receiver() {
  const calls = [];
  const told = { calls, status: 200 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    calls.push({ headers: request.headers, body });
    response.writeHead(told.status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  told.url = `http://127.0.0.1:${server.address().port}/hook`;
  told.close = () => server.close();
  return told;
}

const isSigned = ({ headers, body }, secret) =>
  headers['x-bedrud-signature'] === `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

scene('an administrator has another server told what happens here', async (stage) => {
  await stage.begin({ config: { webhooks: { allowedNetworks: ['127.0.0.1'] } } });
  const there = await receiver();
  try {
    const root = await stage.person('Root');
    const { admin } = root.words;
    await root.signIn();
    await root.goTo('/admin/webhooks');
    await root.page.getByText(admin.noWebhooks).waitFor();
    await root.fill(admin.webhookUrl, 'http://10.0.0.1/hook');
    await root.press(admin.addWebhook);
    await root.page.getByText('webhooks.allowedNetworks').waitFor();
    await root.fill(admin.webhookUrl, there.url);
    await root.page.getByLabel(admin.events['participant.joined']).uncheck();
    await root.press(admin.addWebhook);
    await root.page.getByText(admin.webhookAdded).waitFor();
    const secret = await root.page.locator('code').innerText();
    assert.deepEqual(await faults(root.page), []);

    const choose = async (name) => {
      await root.press(admin.actionsOf(there.url));
      await root.page.getByRole('menuitem', { name }).click();
    };
    await choose(admin.test);
    await root.page.getByText(admin.tested(0).split('0')[0]).waitFor();
    assert.ok(isSigned(there.calls[0], secret), 'signed by the secret that was shown');

    // a test that fails can be seen with its call, and sent again
    there.status = 500;
    await choose(admin.test);
    await root.page.getByText(admin.testFailed('It answered 500.')).waitFor();
    await root.page.getByText(`${admin.deliveryStates.dead}: 1`).waitFor();
    await choose(admin.told);
    await root.page.getByRole('button', { name: admin.calls(1) }).first().click();
    await root.page.getByText('It answered 500.', { exact: true }).waitFor();
    assert.deepEqual(await faults(root.page), []);
    there.status = 200;
    await root.page.getByRole('button', { name: admin.replay, exact: true }).first().click();
    await until('the same again', () => there.calls.length === 3);
    assert.equal(there.calls[2].body, there.calls[1].body);

    await choose(admin.rotate);
    await root.page.getByRole('dialog').getByRole('button', { name: admin.rotate }).click();
    await root.page.getByText(admin.webhookRotated).waitFor();
    const other = await root.page.locator('code').innerText();
    await stage.admin.room('standup');
    await until('the room to be told of', () => there.calls.length === 4);
    assert.equal(JSON.parse(there.calls[3].body).event, 'room.created');
    assert.ok(isSigned(there.calls[3], other) && !isSigned(there.calls[3], secret));

    await choose(admin.remove);
    await root.page.getByRole('dialog').getByRole('button', { name: admin.remove }).click();
    await root.page.getByText(admin.noWebhooks).waitFor();
  } finally {
    there.close();
  }
});
