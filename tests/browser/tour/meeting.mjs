/** A meeting of one, two and three, and everything that opens in it. */
import { register } from '../api.mjs';
import { until } from '../wait.mjs';
import { numbered } from '../words.mjs';

export async function meeting(walk) {
  const { stage, invite, show, cast, host, room } = walk;
  const { words } = host;
  await host.join(room);
  await host.page.getByText(words.meeting.alone).waitFor();
  await show('meeting-alone', host.page);

  await refused(walk);
  const guest = await invite(cast.guest, { shares: 'Beds in spring' });
  await guest.goTo(`/m/${room}`);
  await guest.fill(words.join.name, guest.name);
  await guest.page.getByLabel(words.join.preview).waitFor();
  await show('pre-join', guest.page);
  await guest.comeIn();
  await host.sees(guest.name);
  await show('meeting-two', host.page);

  await register(stage.daemon, cast.member);
  const member = await invite(cast.member);
  await member.signIn();
  await member.join(room);
  for (const other of [guest, member]) await host.sees(other.name);
  await show('meeting-three', host.page);

  Object.assign(walk, { guest, member });
  await talk(walk);
  await people(walk);
  await openings(walk);
  await share(walk);
  const dashboard = await host.context.newPage();
  await dashboard.goto('/dashboard');
  await dashboard.getByText(words.rooms.inside(3)).waitFor();
  await show('dashboard', dashboard);
  await dashboard.close();
}

/** Somebody whose browser allows neither camera nor microphone. */
async function refused({ invite, show, cast, room }) {
  const stranger = await invite(cast.stranger, { shares: 'nothing', context: { permissions: [] } });
  await stranger.goTo(`/m/${room}`);
  await stranger.page.getByText(stranger.words.join.blockedBoth).waitFor();
  await show('pre-join-refused', stranger.page);
  await stranger.close();
}

async function talk({ show, cast, host, guest, member }) {
  for (const [index, person] of [host, guest, member].entries()) {
    await person.write(cast.lines[index]);
    if (person !== host) await host.reads(cast.lines[index]);
  }
  await show('chat', host.page);
}

async function people({ show, host, guest, member }) {
  const { page, words } = host;
  const button = host.button(numbered(words.meeting.peopleButton));
  await button.click();
  await page.getByRole('complementary', { name: words.people.title }).waitFor();
  await show('people', page);
  const about = words.people.menu(member.name);
  await show('moderator-menu', page, opener(host, about));
  await page.getByRole('menuitem', { name: words.people.ban }).filter({ hasText: words.people.banHint }).click();
  await host.heading(words.people.banTitle(member.name)).waitFor();
  await show('ban-question', page);
  await host.press(words.common.cancel);

  await guest.press(words.meeting.mute);
  await opener(host, words.people.menu(guest.name))();
  await page.getByRole('menuitem', { name: words.people.askUnmute }).click();
  await guest.heading(words.meeting.askUnmute(host.name)).or(guest.heading(words.meeting.askedUnmute)).waitFor();
  await show('asked-to-unmute', guest.page);
  await guest.press(words.meeting.doUnmute);
  await button.click();

  // their keyboards are in the chat
  for (const person of [guest, member]) await person.press(words.meeting.raiseHand);
  await page.getByText(words.meeting.handRaised(member.name)).first().waitFor();
  await show('hands', page);
  for (const person of [guest, member]) await person.press(words.meeting.lowerHand);
}

/** What opens a menu anew, whether or not it is still open. */
function opener(person, name) {
  const menu = person.page.getByRole('menu', { name, exact: true });
  return async () => {
    if (await menu.isVisible()) await person.page.keyboard.press('Escape');
    await person.press(name);
    await menu.waitFor();
  };
}

/** What opens over the meeting. */
async function openings({ show, host }) {
  const { page, words } = host;
  const menus = [['more', words.meeting.more], ['leave', words.meeting.leave]];
  for (const [screen, trigger] of menus) {
    await show(screen, page, opener(host, trigger));
    await page.keyboard.press('Escape');
  }
  await opener(host, words.meeting.leave)();
  await page.getByRole('menuitem', { name: words.meeting.endForAll }).click();
  await host.heading(words.meeting.endTitle).waitFor();
  await show('end-question', page);
  await host.press(words.common.cancel);
  // keys belong to a dialog until it has let go of the focus
  await until('the focus to leave the dialog', () => page.evaluate(() => !document.activeElement?.closest('dialog')));
  await page.keyboard.press('?');
  await host.heading(words.meeting.keys).waitFor();
  await show('keys', page);
  await page.keyboard.press('Escape');
  await opener(host, words.meeting.more)();
  await page.getByRole('menuitem', { name: words.devices.title }).click();
  await host.heading(words.devices.title).waitFor();
  await show('devices', page);
  await page.keyboard.press('Escape');
}

async function share({ show, host, guest }) {
  const { words } = host;
  const plan = await guest.context.newPage();
  await plan.setContent(PLAN);
  await guest.page.bringToFront();
  await guest.press(words.meeting.share);
  await host.seesScreenOf(guest.name);
  await show('screen-share', host.page);
  await show('own-share', guest.page);
  await guest.press(words.meeting.stopSharing);
  await host.page.getByRole('region', { name: words.meeting.sharing(guest.name) }).waitFor({ state: 'detached' });
  await plan.close();
}

/** What is shared. It never quite stands still, since a tab that does sends no pictures. */
const PLAN = `<!doctype html><title>Beds in spring</title><style>
  body { margin: 0; padding: 56px 72px; font: 26px/1.5 Georgia, serif; color: #2c2a26; background: #fbfaf5 }
  h1 { font-size: 52px; margin: 0 0 24px } td, th { padding: 10px 40px 10px 0; text-align: left; border-bottom: 1px solid #d9d4c7 }
  .bar { height: 22px; background: #5d7f4f; border-radius: 4px; animation: breathe 2s infinite alternate }
  @keyframes breathe { from { opacity: 0.9 } }
</style><h1>Beds in spring</h1><table>
  <tr><th>Bed</th><th>Crop</th><th>Sown</th><th>Share of the plot</th></tr>
  <tr><td>North</td><td>Potatoes, early</td><td>2 April</td><td><div class="bar" style="width:320px"></div></td></tr>
  <tr><td>East</td><td>Broad beans</td><td>20 March</td><td><div class="bar" style="width:210px"></div></td></tr>
  <tr><td>South</td><td>Tomatoes</td><td>15 May</td><td><div class="bar" style="width:260px"></div></td></tr>
  <tr><td>West</td><td>Herbs and flowers</td><td>all along</td><td><div class="bar" style="width:130px"></div></td></tr>
</table><p>Water every second evening; the list is on the shed.</p>`;
