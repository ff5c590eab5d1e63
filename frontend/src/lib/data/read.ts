/**
 * Readers of what others give: packets of other people's clients, and what this browser kept. A reader gives a value of
 * its own type or nothing; it never throws, and what it gives is no larger than it says.
 */

export type Reader<T> = (given: unknown) => T | undefined;

/** Nothing where it is no JSON, or nested deeper than the browser reads. */
export function json(given: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof given === 'string' ? given : new TextDecoder().decode(given));
  } catch {
    return undefined;
  }
}

/** Longer ones are cut. */
export const text =
  (longest: number): Reader<string> =>
  (given) =>
    typeof given === 'string' ? cut(given, longest) : undefined;

/** A name of something for machines: cut, it would be another one's. */
export const key =
  (longest: number): Reader<string> =>
  (given) =>
    typeof given === 'string' && given !== '' && given.length <= longest ? given : undefined;

export const flag: Reader<boolean> = (given) => (typeof given === 'boolean' ? given : undefined);

/** Outside of the bounds it is the bound. */
export const number =
  (least: number, most: number): Reader<number> =>
  (given) =>
    typeof given === 'number' && !Number.isNaN(given) ? Math.min(Math.max(given, least), most) : undefined;

export const whole =
  (least: number, most: number): Reader<number> =>
  (given) =>
    Number.isInteger(given) && Number(given) >= least && Number(given) <= most ? Number(given) : undefined;

export const oneOf =
  <T extends string>(...values: readonly T[]): Reader<T> =>
  (given) =>
    values.find((value) => value === given);

/** What is not read is left out; of too many, the first are taken. */
export const list =
  <T>(item: Reader<T>, most: number): Reader<T[]> =>
  (given) => {
    if (!Array.isArray(given)) return undefined;
    const read: T[] = [];
    for (const one of given.slice(0, most) as unknown[]) {
      const value = item(one);
      if (value !== undefined) read.push(value);
    }
    return read;
  };

/** Every value under a name that `name` reads. */
export const table =
  <T>(name: Reader<string>, item: Reader<T>, most: number): Reader<Record<string, T>> =>
  (given) => {
    if (!isTable(given)) return undefined;
    const read: [string, T][] = [];
    for (const [label, one] of Object.entries(given)) {
      const [known, value] = [name(label), item(one)];
      if (known !== undefined && value !== undefined) read.push([known, value]);
      if (read.length === most) break;
    }
    return Object.fromEntries(read);
  };

type Fields = Record<string, Reader<unknown>>;
type Shape<F extends Fields> = { [K in keyof F]: NonNullable<ReturnType<F[K]>> };

/** Each of these fields, or nothing at all. */
export const shape =
  <F extends Fields>(fields: F): Reader<Shape<F>> =>
  (given) => {
    const read = some(fields)(given);
    return read && Object.keys(fields).every((name) => name in read) ? (read as Shape<F>) : undefined;
  };

/** Those of these fields that can be read, and no others. */
export const some =
  <F extends Fields>(fields: F): Reader<Partial<Shape<F>>> =>
  (given) => {
    if (!isTable(given)) return undefined;
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(fields)) {
      const value = Object.hasOwn(given, name) ? reader(given[name]) : undefined;
      if (value !== undefined) read[name] = value;
    }
    return read as Partial<Shape<F>>;
  };

/** Without breaking a character in two. */
export function cut(value: string, longest: number): string {
  if (value.length <= longest) return value;
  const last = value.charCodeAt(longest - 1);
  return value.slice(0, last >= 0xd800 && last < 0xdc00 ? longest - 1 : longest);
}

function isTable(given: unknown): given is Record<string, unknown> {
  return given !== null && typeof given === 'object' && !Array.isArray(given);
}
