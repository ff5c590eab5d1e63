/** Every way in which a meeting ends, or never begins. */
import { login } from '../api.mjs';

export async function endings(walk) {
  const { stage, show, host, guest, member, room } = walk;
  const { endings: told, rooms, start } = host.words;
  await host.leave();
  await show('left', host.page);
  await stage.daemon.ctl('room', 'kick', room, guest.name);
  await guest.isTold(told.removed.title);
  await show('removed', guest.page);
  await stage.daemon.ctl('room', 'ban', room, member.name);
  await member.isTold(told.banned.title);
  await show('banned', member.page);
  await ended(walk);
  await member.goTo('/');
  await member.heading(start.title).waitFor();
  await show('start-recent', member.page);

  await member.goTo('/m/no-such-room');
  await member.isTold(told.notFound.title);
  await show('not-found', member.page);
  await host.goTo('/dashboard');
  await host.page.getByRole('link', { name: rooms.openOf('monday-round') }).waitFor();
  await doors(walk);
}

/** The host ends it for the guest, who had come back. */
async function ended({ show, host, guest, room }) {
  const { endings: told, meeting } = host.words;
  await host.join(room);
  await guest.press(told.joinAgain);
  await guest.comeIn();
  await host.sees(guest.name);
  await host.press(meeting.leave);
  await host.page.getByRole('menuitem', { name: meeting.endForAll }).click();
  await host.press(meeting.endForAll);
  await guest.isTold(told.ended.title);
  await host.isTold(told.ended.title);
  await show('ended', guest.page);
}

/** Doors that stay shut. */
async function doors({ stage, show, host, member }) {
  const { endings: told } = member.words;
  const admin = await login(stage.daemon, host.name);
  await admin.room('one-seat', { maxParticipants: 1 });
  await host.join('one-seat');
  await member.goTo('/m/one-seat');
  await member.isTold(told.full.title);
  await show('full', member.page);
  await host.leave();
  await stage.daemon.ctl('room', 'close', 'one-seat', '--yes');
  await member.goTo('/m/one-seat');
  await member.isTold(told.closed.title);
  await show('closed', member.page);
  await admin.room('board', { isPublic: false });
  await lobby({ show, host, member });
  await member.close();
}

/** Somebody waits, is seen waiting, and is not let in. */
async function lobby({ show, host, member }) {
  const { lobby: words, endings: told } = member.words;
  await member.goTo('/m/board');
  await member.button(words.ask).waitFor();
  await show('ask-to-join', member.page);
  await member.press(words.ask);
  await member.isTold(words.title);
  await show('lobby', member.page);
  await host.join('board');
  await host.button(words.admit).waitFor();
  await show('knocking', host.page);
  await host.page.keyboard.press('p');
  await host.button(`${words.refuse}: ${member.name}`).waitFor();
  await show('lobby-list', host.page);
  await host.press(`${words.refuse}: ${member.name}`);
  await member.isTold(told.refused.title);
  await show('refused', member.page);
  await host.leave();
}
