/** Where signing in leads: back to the page that asked for it, never to another server. */
export function destination(search: URLSearchParams): string {
  const to = search.get('to') ?? '';
  return /^\/(?![/\\])/.test(to) ? to : '/dashboard';
}
