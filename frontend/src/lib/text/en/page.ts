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
  /** By the stable code of the server's answer; what is not here is said in the server's own words. */
  problems: {
    name_invalid:
      'This name cannot be used. It needs at least 2 characters that can be seen, and at most 50.',
    title_invalid:
      'A room cannot be called that. Give at most 80 characters that can be seen, or leave it empty.',
    mail_invalid: 'This is not an e-mail address. It should look like anna@example.org.',
    mail_taken: 'This e-mail address is in use already.',
    password_wrong: 'Your current password is not right.',
    password_needed: 'Another e-mail address asks for your current password.',
    password_invalid: 'A password has 12 to 128 characters.',
    registration_refused: 'No account could be made with this address. Sign in if you have one already.',
    passkey_refused: 'This passkey opens no account here. Try again, or use your password.',
    passkey_invalid: 'The passkey was not made. Try again.',
    passkey_copied: 'This passkey may have been copied. Sign in another way and remove it.',
    passkeys_off: 'This server takes no passkeys.',
    last_way_in: 'This is your only way in. Set a password or add another passkey first.',
    invitation_invalid:
      'This invitation is over, was used already, or is for another e-mail address. Ask for another one.',
    proof_needed: 'Give your password, or sign in again with your passkey and delete your account then.',
    account_disabled: 'This account is switched off. Ask the administrator of this server.',
    setup_token_wrong: 'This set-up link is not right. Open the one that the server printed last, in full.',
    setup_done: 'This server is set up already. Sign in instead.',
    room_quota: 'You have as many rooms as this server allows. Delete one first.',
    room_name_taken: 'There is already a room of that name. Choose another one.',
    max_participants_invalid: 'This server does not allow rooms of that size.',
    invitation_unknown: 'This invitation is not for this room. Check the whole link.',
    invitation_revoked: 'This invitation was taken back. Ask whoever sent it for another.',
    invitation_expired: 'This invitation has expired. Ask whoever sent it for another.',
    invitation_used: 'This invitation has been used. Ask whoever sent it for another.',
  },
  notFound: {
    title: 'There is nothing at this address',
    body: 'Check the link, or start anew.',
  },
  broken: {
    title: 'This page could not be loaded',
    body: 'Check your connection, then try again. Nothing of yours is lost.',
  },
};
