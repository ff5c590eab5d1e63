/** A walk through every screen of the page, in a real meeting where there is one. What is done at each is the caller's. */
import { login, register } from './api.mjs';
import { Daemon } from './daemon.mjs';

const ROOM = 'garden-committee';

/**
 * Walks with the people of this stage. `show(name, page, arrange)` is called at every screen; `arrange` brings back
 * what a change of size takes away, such as an open menu. `invite(name, options)` brings somebody with a browser.
 */
export async function tour(stage, invite, show) {
  stage.daemon = await Daemon.start();
  const anna = await invite('Anna Berg');
  await accounts(stage, invite, anna, show);
  const people = await meeting(stage, invite, anna, show);
  await endings(stage, people, show);
  await troubles(stage, anna, show);
}

async function accounts(stage, invite, anna, show) {
  const token = stage.daemon.setupToken();
  await anna.goTo(`/setup#${token}`);
  await anna.heading('Set up this server').waitFor();
  await show('set-up', anna.page);
  await anna.signUp(token);
  await anna.page.getByText('You have no rooms yet.').waitFor();
  await show('dashboard-empty', anna.page);

  const stranger = await invite('Sam Stone');
  await stranger.goTo('/');
  await stranger.heading('Join a meeting').waitFor();
  await show('start', stranger.page);
  await stranger.goTo('/signup');
  await stranger.press('Create an account');
  await stranger.page.getByText('Enter your password.').waitFor();
  await show('sign-up', stranger.page);
  await stranger.goTo('/signin');
  await stranger.fill('E-mail', 'sam@example.org');
  await stranger.fill('Password', 'not the right one');
  await stranger.press('Sign in');
  await stranger.page.getByText('The e-mail address or the password is not right.').waitFor();
  await show('sign-in', stranger.page);
  await stranger.goTo('/nothing-here');
  await stranger.heading('There is nothing at this address').waitFor();
  await show('no-page', stranger.page);
  await stranger.close();
}

async function meeting(stage, invite, anna, show) {
  for (const room of ['monday-round', 'reading-circle', ROOM]) await anna.createRoom(room);
  await anna.join(ROOM);
  await anna.page.getByText('Nobody else is here yet.').waitFor();
  await show('meeting-alone', anna.page);

  const bo = await invite('Bo Larsen', { shares: 'Beds in spring' });
  await bo.goTo(`/m/${ROOM}`);
  await bo.fill('Your name', bo.name);
  await bo.page.getByLabel('Your camera').waitFor();
  await show('pre-join', bo.page);
  await bo.comeIn();
  await anna.sees(bo.name);
  await show('meeting-two', anna.page);

  await register(stage.daemon, 'Cleo Okafor');
  const cleo = await invite('Cleo Okafor');
  await cleo.signIn();
  await cleo.join(ROOM);
  for (const other of [bo, cleo]) await anna.sees(other.name);
  await show('meeting-three', anna.page);

  await talk(anna, bo, cleo, show);
  await share(anna, bo, show);
  const dashboard = await anna.context.newPage();
  await dashboard.goto('/dashboard');
  await dashboard.getByText('3 inside now').waitFor();
  await show('dashboard', dashboard);
  await dashboard.close();
  return { anna, bo, cleo };
}

async function talk(anna, bo, cleo, show) {
  await anna.write('Good morning! The plan is at https://example.org/beds, have a look.');
  await bo.write('Thank you. Who has seed potatoes left?');
  await anna.reads('Thank you. Who has seed potatoes left?');
  await cleo.write('I do, about two kilos.');
  await anna.reads('I do, about two kilos.');
  await show('chat', anna.page);

  await anna.press(/^People/);
  await anna.page.getByRole('complementary', { name: /^People/ }).waitFor();
  await show('people', anna.page);
  const trigger = anna.button('Moderate Cleo Okafor');
  const menu = anna.page.getByRole('menu', { name: 'Moderate Cleo Okafor' });
  const reopen = async () => {
    if (await menu.isVisible()) await anna.page.keyboard.press('Escape');
    await trigger.click();
    await menu.waitFor();
  };
  await show('moderator-menu', anna.page, reopen);
  await anna.page.getByRole('menuitem', { name: /^Ban/ }).click();
  await anna.heading('Ban Cleo Okafor?').waitFor();
  await show('ban-question', anna.page);
  await anna.press('Cancel');
  await anna.press(/^People/);
  // their keyboards are in the chat
  for (const person of [bo, cleo]) await person.press('Raise hand (H)');
  await anna.page.getByText('Cleo Okafor raised a hand').first().waitFor();
  await show('hands', anna.page);
  for (const person of [bo, cleo]) await person.press('Lower hand (H)');
  await openings(anna, show);
  await anna.press('More');
  await anna.page.getByRole('menuitem', { name: 'Devices' }).click();
  await anna.heading('Devices').waitFor();
  await show('devices', anna.page);
  await anna.page.keyboard.press('Escape');
}

/** What opens over the meeting. */
async function openings(anna, show) {
  for (const [screen, trigger] of [['more', 'More'], ['leave', 'Leave']]) {
    const menu = anna.page.getByRole('menu', { name: trigger });
    await show(screen, anna.page, async () => {
      if (await menu.isVisible()) await anna.page.keyboard.press('Escape');
      await anna.press(trigger);
      await menu.waitFor();
    });
    await anna.page.keyboard.press('Escape');
  }
  await anna.page.keyboard.press('?');
  await anna.heading('Keys (?)').waitFor();
  await show('keys', anna.page);
  await anna.page.keyboard.press('Escape');
}

async function share(anna, bo, show) {
  const plan = await bo.context.newPage();
  await plan.setContent(PLAN);
  await bo.page.bringToFront();
  await bo.press('Share screen (S)');
  await anna.seesScreenOf(bo.name);
  await show('screen-share', anna.page);
  await bo.press('Stop sharing (S)');
  await anna.page.getByRole('region', { name: `${bo.name} is sharing` }).waitFor({ state: 'detached' });
  await plan.close();
}

async function endings(stage, { anna, bo, cleo }, show) {
  await stage.daemon.ctl('room', 'kick', ROOM, bo.name);
  await bo.isTold('You were removed');
  await show('removed', bo.page);
  await stage.daemon.ctl('room', 'ban', ROOM, cleo.name);
  await cleo.isTold('You cannot join this room');
  await show('banned', cleo.page);
  await anna.leave();
  await show('left', anna.page);

  await cleo.goTo('/m/no-such-room');
  await cleo.isTold('There is no such room');
  await show('not-found', cleo.page);
  await anna.goTo('/dashboard');
  await anna.page.getByRole('link', { name: /monday-round$/ }).waitFor();
  const admin = await login(stage.daemon, anna.name);
  await admin.room('one-seat', { maxParticipants: 1 });
  await anna.join('one-seat');
  await cleo.goTo('/m/one-seat');
  await cleo.isTold('This room is full');
  await show('full', cleo.page);
  await anna.leave();
  await stage.daemon.ctl('room', 'close', 'one-seat', '--yes');
  await cleo.goTo('/m/one-seat');
  await cleo.isTold('This room is closed');
  await show('closed', cleo.page);
}

async function troubles(stage, anna, show) {
  await anna.join(ROOM);
  await anna.leave();
  await stage.daemon.end('SIGTERM');
  await anna.press('Come back');
  await anna.press('Join');
  await anna.page.getByText(/^The server does not answer/).waitFor();
  await show('server-away', anna.page);
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
