/** A walk through every screen of the page, in a real meeting where there is one. What is done at each is the caller's. */
import { Daemon } from '../daemon.mjs';
import { accounts } from './accounts.mjs';
import { castOf } from './cast.mjs';
import { endings } from './endings.mjs';
import { meeting } from './meeting.mjs';
import { dashboard, settings, webhooks } from './rooms.mjs';
import { troubles } from './troubles.mjs';

export const ROOM = 'garden-committee';

/**
 * Walks with the people of this stage, all of whom read `language`. `show(name, page, arrange)` is called at every
 * screen; `arrange` brings back what a change of size takes away, such as an open menu. `invite(name, options)` brings
 * somebody with a browser.
 */
export async function tour(stage, { language = 'en', invite }, show) {
  stage.daemon = await Daemon.start();
  const cast = castOf(language);
  const walk = { stage, show, cast, room: ROOM, invite: (name, options) => invite(name, { ...options, language }) };
  walk.host = await walk.invite(cast.host);
  await accounts(walk);
  await dashboard(walk);
  await meeting(walk);
  await settings(walk);
  await webhooks(walk);
  await endings(walk);
  await troubles(walk);
}
