/** The chat: what people write to each other, what they may try with it, and that nothing of it is lost. */
import assert from 'node:assert/strict';
import { Bare } from './bare.mjs';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

const chat = (person) => person.page.getByRole('log', { name: 'Chat' });
const field = (person) => person.page.getByLabel('Message', { exact: true });
const said = (person, text) => chat(person).getByRole('listitem').filter({ hasText: text });

scene('a message has emphasis, lists, code and links, is answered, and gets reactions', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await anna.write('**Plan**: read https://example.org/plan and `run it`');
  await bo.button('Chat (C), 1 unread').waitFor();
  await bo.press(/^Chat/);
  await chat(bo).getByText('New', { exact: true }).waitFor();
  const link = chat(bo).getByRole('link', { name: 'https://example.org/plan' });
  await link.waitFor();
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow');
  await chat(bo).locator('strong', { hasText: 'Plan' }).waitFor();
  await chat(bo).locator('code', { hasText: 'run it' }).waitFor();

  await bo.press('Reply to Anna');
  await field(bo).fill('I will.');
  await field(bo).press('Enter');
  await said(anna, 'I will.').getByText('Plan').waitFor();

  await said(bo, 'Plan').first().hover();
  await bo.page.getByRole('button', { name: 'React to Anna' }).click();
  await bo.page.getByRole('menuitem', { name: 'Thumbs up' }).and(bo.page.locator(':visible')).click();
  await chat(anna).getByRole('button', { name: '👍 1 by Bo' }).waitFor();
  await chat(bo).getByRole('button', { name: '👍 1 by Bo' }).click();
  await chat(anna).getByRole('button', { name: '👍 1 by Bo' }).waitFor({ state: 'detached' });
});

scene('what is written before the connection stands goes out when it does', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna] = await stage.meeting('standup', 'Anna');
  const bo = await stage.person('Bo');
  let open = () => {};
  let gate = Promise.resolve();
  await bo.page.routeWebSocket(/livekit\/rtc/, async (socket) => {
    await gate;
    socket.connectToServer();
  });
  await bo.goTo('/m/standup');
  await bo.button('Join').waitFor();
  gate = new Promise((done) => (open = done));
  await bo.comeIn();
  await bo.write('early');
  await bo.page.getByText('Not connected yet. It is sent as soon as you are.').waitFor();
  assert.equal(await field(bo).inputValue(), 'early');
  open();
  await anna.reads('early');
  await until('an empty field', async () => (await field(bo).inputValue()) === '');
});

scene('messages, reactions and what is half written outlive a reload', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.write('Shall we begin?');
  await anna.reads('Shall we begin?');
  await field(anna).fill('I was just about to');
  // closing the panel loses nothing either
  await anna.page.keyboard.press('Escape');
  await anna.press(/^Chat/);
  assert.equal(await field(anna).inputValue(), 'I was just about to');
  await anna.page.reload();
  await anna.isInside();
  await anna.reads('Shall we begin?');
  assert.equal(await field(anna).inputValue(), 'I was just about to');
});

scene('markup, turned text, emoji and ten thousand characters do no harm', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  const markup = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';
  for (const text of [markup, 'safe\u202Egnp.exe', '🎉', `long ${'ä'.repeat(9990)}`]) await anna.write(text);
  await bo.press(/^Chat/);
  await chat(bo).getByText(markup, { exact: true }).waitFor();
  assert.equal(await bo.page.evaluate(() => window.hurt), undefined);
  assert.equal(await chat(bo).locator('img, script').count(), 0);
  // what turns the text around ends with the message
  await said(bo, 'gnp.exe').locator('[dir=auto]').first().waitFor();
  await bo.press('Show all 9995 characters');
  await until('all of it', async () => (await said(bo, 'long ').last().innerText()).includes('ä'.repeat(9990)));

  await field(anna).fill('x'.repeat(10_001));
  await field(anna).press('Enter');
  await anna.page.getByText('Not sent: it has 10001 characters').waitFor();
  assert.equal((await field(anna).inputValue()).length, 10_001);
});

scene('older clients are read on every topic and in chunks, and nobody speaks for another', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const old = await Bare.guest(stage, 'standup', 'Old');
  await anna.tile('Old').waitFor();
  await anna.press(/^Chat/);

  await old.send('lk-chat-topic', { id: '1', timestamp: Date.now(), message: 'from a plain client' });
  await old.send('chat', { type: 'chat', id: '2', timestamp: Date.now(), senderName: 'Anna', senderIdentity: 'x', message: 'I am not Anna', attachments: [] });
  await old.send('chat', { type: 'chat_chunk_meta', id: '3', timestamp: Date.now(), senderName: 'Old', senderIdentity: 'x', messageChunks: 2, attachmentChunks: 0, pollChunks: 0 });
  await old.send('chat', { type: 'chat_chunk', id: '3', kind: 'message', index: 1, part: 'two halves' });
  await old.send('chat', { type: 'chat_chunk', id: '3', kind: 'message', index: 0, part: 'one of ' });
  await old.send('chat', { type: 'reaction', messageId: '1', emoji: '👍', voterIdentity: 'somebody-else' });
  for (const text of ['from a plain client', 'I am not Anna', 'one of two halves']) {
    await chat(anna).getByText(text, { exact: true }).waitFor();
    await said(anna, text).locator('b', { hasText: 'Old' }).waitFor();
  }
  await chat(anna).getByRole('button', { name: '👍 1 by Old' }).waitFor();
  // a notice of the server is not believed from a participant
  await old.send('system', { type: 'system', event: 'room_ended', message: 'Gone!' });
  await old.send('system', { type: 'system', event: 'kick', actor: 'x', target: 'y' });
  await anna.write('still here');
  const heard = await old.heard('chat');
  assert.equal(heard.message, 'still here');
  assert.equal(heard.type, 'chat');
  assert.deepEqual(heard.attachments, []);
});

scene('what was typed is shown, and copied, as it was typed', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.press(/^Chat/);
  const typed = ['\\\\server\\share', 'C:\\new\\*.txt', '2*3*4', 'two    spaces\n  and a line', '- 5 degrees', '# apt install'];
  for (const text of typed) {
    await anna.write(text);
    const shown = said(bo, text.split('\n')[0]).last().locator('.body');
    await until(`${text} to be shown`, async () => (await shown.innerText()) === text);
  }
  await anna.write('**very** `a*b`');
  await bo.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await said(bo, 'very').hover();
  await said(bo, 'very').getByRole('button', { name: 'Copy what Anna wrote' }).click();
  await chat(bo).getByText('Copied as it was written').waitFor();
  assert.equal(await bo.page.evaluate(() => navigator.clipboard.readText()), '**very** `a*b`');
});

/** As Safari tells of the Enter that ends a conversion: the end comes first, and then a key that is none of the page's. */
const endConversion = (field) => {
  field.focus();
  field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, data: '' }));
  field.value = '日本';
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: '日本', inputType: 'insertCompositionText', isComposing: true }));
  field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '日本' }));
  const key = { key: 'Enter', code: 'Enter', keyCode: 229, which: 229, bubbles: true, cancelable: true };
  field.dispatchEvent(new KeyboardEvent('keydown', key));
  field.dispatchEvent(new KeyboardEvent('keyup', { ...key, keyCode: 13, which: 13 }));
  const escape = { ...key, key: 'Escape', code: 'Escape' };
  field.dispatchEvent(new KeyboardEvent('keydown', escape));
};

scene('the Enter that ends a conversion of an input method sends nothing, in the order of Safari too', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna] = await stage.meeting('standup', 'Anna');
  await anna.press(/^Chat/);
  await field(anna).evaluate(endConversion);
  assert.equal(await field(anna).inputValue(), '日本');
  assert.equal(await said(anna, '日本').count(), 0);
  await field(anna).press('Enter');
  await said(anna, '日本').waitFor();
  assert.equal(await field(anna).inputValue(), '');
});
