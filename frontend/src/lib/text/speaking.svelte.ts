/**
 * The language in use, and the loading of its words before anything is drawn.
 *
 * The catalogues are plain TypeScript: English is the master, every other language is typed by it, so that the
 * compiler finds what is missing. Paraglide puts all languages of a message into one function, and so into one bundle,
 * and brings a message format and a compiler of its own; Lingui has no Svelte and a runtime that parses. Both would
 * save us the forty lines below and `grammar.ts`, whose plurals, lists and dates are the browser's own Intl.
 */
import { key } from '../data/read';
import { local, read, write } from '../memory/store';
import { languages, localeOf, pickLanguage, type Language } from './languages';

const KEY = 'bedrud.language';

const wanted = () => (typeof navigator === 'undefined' ? [] : navigator.languages);

let current = $state<Language>('en');
const parts: Part[] = [];
let opened: Promise<void> | undefined;

interface Part {
  used: boolean;
  load: (language: Language) => Promise<void>;
}

/**
 * Declares one part of the catalogue: `files` by path, one a language, and what takes its words over. Gives back what
 * a page calls before it is drawn.
 */
export function part<Words>(files: Record<string, () => Promise<Words>>, take: (words: Words) => void) {
  const one: Part = {
    used: false,
    load: async (language) => {
      const file = files[Object.keys(files).find((path) => path.startsWith(`./${language}/`)) ?? ''];
      if (file) take(await file());
    },
  };
  parts.push(one);
  return async (): Promise<void> => {
    await openLanguage();
    if (one.used) return;
    await one.load(current);
    one.used = true;
  };
}

function mark(): void {
  document.documentElement.lang = current;
  document.documentElement.dir = languages[current].direction;
}

/** Takes the reader's language up, once per page load. */
export function openLanguage(): Promise<void> {
  return (opened ??= (async () => {
    current = pickLanguage(read(local, KEY, key(20)), wanted());
    mark();
  })());
}

/** Changes the language of everything that is drawn from now on, and keeps the choice. */
export async function speak(language: Language): Promise<void> {
  // In order: the later parts stand on the first.
  for (const one of parts) if (one.used) await one.load(language);
  current = language;
  mark();
  write(local, KEY, language);
}

export const speaking = {
  get language(): Language {
    return current;
  },
  get locale(): string {
    return localeOf(current, wanted());
  },
};
