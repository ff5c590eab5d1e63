/** A room's name out of whatever a person pastes: the name itself, or a link to it. */

const SLUG = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

export type Parsed = { slug: string } | { otherHost: string } | { invalid: true };

export const isSlug = (value: string) => SLUG.test(value);

/** `host` is this server's own, with the port where there is one. */
export function parseRoom(typed: string, host: string): Parsed {
  const value = typed.trim();
  const link = /^(?:https?:\/\/)?([^/\s]+)\/(?:m|c)\/([^/?#\s]+)/i.exec(value);
  const path = /^\/?(?:m|c)\/([^/?#\s]+)/i.exec(value);
  if (path?.[1]) return named(path[1]);
  if (link?.[1] && link[2]) {
    if (link[1].toLowerCase() !== host.toLowerCase()) return { otherHost: link[1] };
    return named(link[2]);
  }
  return named(value.replace(/\s+/g, '-'));
}

function named(value: string): Parsed {
  const slug = value.toLowerCase();
  return isSlug(slug) ? { slug } : { invalid: true };
}
