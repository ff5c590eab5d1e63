/** The English words that every page needs. English is the master: every other language is typed by it. */
import { grammar } from '../grammar';

const { plural } = grammar('en');

export const page = {
  appName: 'Bedrud',
  common: {
    copy: 'Copy link',
    copied: 'Link copied',
    cancel: 'Cancel',
    close: 'Close',
    retry: 'Try again',
    undo: 'Undo',
    save: 'Save',
    settings: 'Settings',
    administration: 'Administration',
    yourRooms: 'Your rooms',
    startPage: 'Start page',
    signIn: 'Sign in',
    signOut: 'Sign out',
    signUp: 'Create an account',
    unreachable: 'The server does not answer. Check your connection, then try again.',
    unexpected: 'The server could not do that. Try again in a moment.',
    tooMany: (seconds: number) =>
      plural(seconds, {
        one: 'Too many attempts. Try again in # second.',
        other: 'Too many attempts. Try again in # seconds.',
      }),
  },
  start: {
    title: 'Join a meeting',
    lead: 'Paste the link you were sent, or type the name of the room.',
    field: 'Link or room name',
    join: 'Join',
    recent: 'Recent on this browser',
    forget: (room: string) => `Forget ${room}`,
    notARoom: 'That is not a room: names have 3 to 63 small letters, digits and hyphens, like design-review.',
    otherServer: (host: string) => `That link belongs to ${host}. Open it there.`,
    run: (host: string, name: string) =>
      name
        ? `${host} is run by ${name}. Meetings pass through this server only.`
        : `Meetings pass through ${host} only.`,
    setup: 'This server has no administrator yet. Open the set-up link that it printed when it started.',
  },
  language: 'Language',
  notFound: {
    title: 'There is nothing at this address',
    body: 'Check the link, or start anew.',
  },
  broken: {
    title: 'This page could not be loaded',
    body: 'Check your connection, then try again. Nothing of yours is lost.',
  },
};
