/**
 * The way to signing in and back to where one was. What stands behind the `#` of an address, such as an invitation, stays
 * there all the way: it is sent to no server.
 */

type Place = Pick<URL, 'pathname' | 'search' | 'hash'>;

/** Where somebody signs in who is here. */
export const signInFrom = ({ pathname, search, hash }: Place): string =>
  `/signin?to=${encodeURIComponent(pathname + search)}${hash}`;

const ofRoom = /^#invitation=/;

/** Where signing in at this address leads: back to the page that asked for it, never to another server. */
export function destination({ searchParams, hash }: Pick<URL, 'searchParams' | 'hash'>): string {
  const to = searchParams.get('to') ?? '';
  if (!/^\/(?![/\\])/.test(to)) return '/dashboard';
  return ofRoom.test(hash) ? to + hash : to;
}

/** The invitation to make an account, in the link to do so. */
export const accountInvitation = (hash: string): string | undefined =>
  ofRoom.test(hash) ? undefined : hash.slice(1) || undefined;
