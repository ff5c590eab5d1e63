/** The English words of the lobby: for whoever waits to be let in, and for whoever lets them. */
import { grammar } from '../grammar';

const { plural } = grammar('en');

export const lobby = {
  about: 'A moderator lets people into this room.',
  ask: 'Ask to join',
  title: 'You are waiting to be let in',
  only: 'Nobody else is waiting.',
  place: (place: number, waiting: number) => `You are number ${place} of ${waiting} waiting.`,
  inside: 'A moderator is inside and has been told that you are here.',
  nobody: 'Nobody who can let you in is inside yet. Stay here: they see you as soon as they come.',
  stop: 'Stop waiting',
  knocks: (name: string) => `${name} waits to be let in`,
  several: (count: number) =>
    plural(count, { one: '# person waits to be let in', other: '# people wait to be let in' }),
  admit: 'Let in',
  admitAll: 'Let everybody in',
  refuse: 'Do not let in',
  heading: (count: number) => `Waiting to be let in (${count})`,
  admitted: (name: string) => `${name} may come in.`,
  refused: (name: string) => `${name} was not let in.`,
  allAdmitted: 'Everybody who waited may come in.',
  show: 'Show who waits',
  lock: 'Lock the meeting',
  lockHint: 'Whoever comes from now on waits to be let in.',
  unlock: 'Unlock the meeting',
  locked: 'The meeting is locked: whoever comes now waits to be let in.',
  unlocked: 'The meeting is unlocked.',
  key: 'Let in who waits first',
  button: (people: number, waiting: number) => `People (P), ${people} inside, ${waiting} waiting`,
};
