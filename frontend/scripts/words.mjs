/**
 * Which words of the catalogue nothing of the page says any more. Read from the sources: a word is used where its name
 * stands behind its part (`text.chat.send`, or `words.send` after `const words = text.chat`), a whole part where it is
 * handed on, and where names are computed (`words[kind]`) each that stands somewhere as a value or a key.
 */

/** Every word's place, such as `chat.send`. @param {object} words @param {string} [at] @returns {string[]} */
export const placesOf = (words, at = '') =>
  Object.entries(words).flatMap(([name, word]) =>
    word !== null && typeof word === 'object' ? placesOf(word, `${at}${name}.`) : [`${at}${name}`],
  );

const chain = String.raw`\w+(?:\s*\??\.\s*\w+)*`;
const namedOnce = new RegExp(
  String.raw`(?:const|let)\s+(\w+|\{[^}]*\})\s*=\s*(?:\$derived\()?(${chain})\)?\s*;`,
  'g',
);

/** What this file says: places of words, and of parts that it uses whole. @param {string} source */
function saidIn(source) {
  /** @type {Map<string, string>} a name in this file -> the part that it stands for */
  const names = new Map([['text', '']]);
  /** @type {Set<string>} */
  const said = new Set();
  /** @param {string} chain nothing for what is not of the catalogue */
  const placeOf = (chain) => {
    const [first = '', ...rest] = chain.split(/\s*\??\.\s*/);
    return names.has(first) ? [names.get(first), ...rest].filter(Boolean).join('.') : undefined;
  };
  const code = source
    .replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^\s*\/\/.*$/gm, '')
    .replace(namedOnce, (all, name = '', chain = '') => {
      const place = placeOf(chain);
      if (place === undefined) return all;
      if (!name.startsWith('{')) names.set(name, place);
      else
        for (const one of name.slice(1, -1).split(','))
          said.add([place, one.split(':')[0]?.trim()].filter(Boolean).join('.'));
      return '';
    });
  for (const name of names.keys()) {
    const uses = new RegExp(
      String.raw`(?<![\w.$'])${name}((?:\s*\??\.\s*\w+)+(?!\w)|(?!\w|\s*:|=\{))(\[)?`,
      'g',
    );
    for (const [, more, computed] of code.matchAll(uses))
      said.add((placeOf(`${name}${more}`) ?? '') + (computed ? '.*' : ''));
  }
  return said;
}

/** @param {string[]} places @param {Iterable<string>} sources what stands in the page's files */
export function unusedOf(places, sources) {
  const all = [...sources];
  const said = new Set(all.flatMap((source) => [...saidIn(source)]));
  const values = new Set(
    all.flatMap((source) => source.match(/(?<=')[^'\s]{1,30}(?=')|\b\w+(?=\??:)/g) ?? []),
  );
  return places.filter((place) => {
    const parts = place.split('.');
    return !parts.some((part, index) => {
      const around = parts.slice(0, index).join('.');
      return (
        said.has([...parts.slice(0, index), part].join('.')) || (said.has(`${around}.*`) && values.has(part))
      );
    });
  });
}
