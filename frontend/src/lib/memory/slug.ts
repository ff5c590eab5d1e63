/** A room's name out of whatever a person pastes: the name itself, or a link to it with words and marks around it. */

const SLUG = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const LINK = /(?:https?:\/\/)?([^\s/<>()[\]"'«»“”]+)\/[mc]\/([^\s/?#<>"«»“”]+)/gi;
const PATH = /(?:^|\s)\/?[mc]\/([^\s/?#<>"«»“”]+)/i;
/** What a sentence leaves at the end of a link, and what people put around one. */
const AROUND = /^[\s<>()[\]{}"'`«»“”„‘’*_]+|[\s<>()[\]{}"'`«»“”„‘’*_.,;:!?…。、，！？؟؛،]+$/g;

export type Parsed = { slug: string } | { otherHost: string } | { invalid: true };

export const isSlug = (value: string) => SLUG.test(value);

/** The slug that is meant by the part of a link after `/m/`: case, blanks and marks around it do not count. */
export const slugOf = (given: string) => decoded(given).replace(AROUND, '').toLowerCase();

/** `host` is this server's own, with the port where there is one. */
export function parseRoom(typed: string, host: string): Parsed {
  const links = [...typed.matchAll(LINK)].map(([, at = '', slug = '']) => ({ at: at.toLowerCase(), slug }));
  const own = links.find(({ at }) => at === host.toLowerCase());
  if (own) return named(own.slug);
  const path = PATH.exec(typed)?.[1];
  if (path) return named(path);
  if (links[0]) return { otherHost: links[0].at };
  return named(typed.replace(AROUND, '').replace(/\s+/g, '-'));
}

function named(value: string): Parsed {
  const slug = slugOf(value);
  return isSlug(slug) ? { slug } : { invalid: true };
}

/** Blanks in a link are written `%20`; what only looks like that stays as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
