/** One's own rooms, one's own account, and what an administrator has others told of. */

export async function dashboard({ show, host, room }) {
  const { page, words } = host;
  for (const name of ['monday-round', 'reading-circle', 'old-plans', room]) await host.createRoom(name);
  await show('copy-link', page, async () => {
    const copy = host.button(words.rooms.copyOf(room));
    // the button says so itself for some seconds
    if (await copy.isVisible()) await copy.click();
    await page.getByRole('listitem').getByText(words.common.copied).first().waitFor();
  });
  await host.press(words.rooms.settingsOf('old-plans'));
  await page.getByRole('dialog', { name: words.rooms.settingsTitle }).waitFor();
  await show('room-settings', page);
  await host.press(words.rooms.removeOf('old-plans'));
  const undo = host.button(words.common.undo);
  // it waits while somebody points at it
  await show('delete-undo', page, () => undo.hover());
  await undo.click();
  await page.getByRole('link', { name: words.rooms.openOf('old-plans') }).waitFor();
}

export async function settings({ show, host }) {
  const { words } = host;
  const page = await host.context.newPage();
  await page.goto('/settings');
  await page.getByText(words.settings.thisDevice).waitFor();
  await show('settings-profile', page);
  const devices = page.getByRole('heading', { name: words.settings.devices, exact: true });
  await show('settings-devices', page, () => devices.evaluate((element) => element.scrollIntoView()));
  await page.close();
}

/** What an administrator has others told of. Nobody is called: the host of this one never is there. */
export async function webhooks({ show, host }) {
  const { admin } = host.words;
  const page = await host.context.newPage();
  const press = (role, name) => page.getByRole(role, { name, exact: true }).click();
  const url = 'https://garden.invalid/bedrud';
  await page.goto('/admin/webhooks');
  await page.getByLabel(admin.webhookUrl).fill('http://10.0.0.1/bedrud');
  await press('button', admin.addWebhook);
  await page.getByText('webhooks.allowedNetworks').waitFor();
  await show('webhooks-none', page);
  await page.getByLabel(admin.webhookUrl).fill(url);
  await press('button', admin.addWebhook);
  await page.getByText(admin.webhookAdded).waitFor();
  await press('button', admin.actionsOf(url));
  await press('menuitem', admin.test);
  await page.getByText(`${admin.deliveryStates.dead}: `).waitFor();
  await press('button', admin.actionsOf(url));
  await press('menuitem', admin.told);
  await press('button', admin.calls(1));
  await page.getByRole('listitem').getByRole('listitem').first().waitFor();
  await show('webhooks', page);
  await page.close();
}
