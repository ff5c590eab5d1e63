/** JSON in the browser's storage; a browser that refuses storage simply remembers nothing. */
import { json, type Reader } from '../data/read';

/** What lies there may be of another version of this page, or of anybody at this browser: `as` reads it. */
export function read<T>(storage: () => Storage, key: string, as: Reader<T>): T | undefined {
  try {
    return as(json(storage().getItem(key) ?? ''));
  } catch {
    // The browser refuses storage.
    return undefined;
  }
}

export function write(storage: () => Storage, key: string, value: unknown): void {
  try {
    if (value === undefined) storage().removeItem(key);
    else storage().setItem(key, JSON.stringify(value));
  } catch {
    // Full or forbidden: forgetting is harmless here.
  }
}

/** Of all keys that begin so, only this one stays. */
export function keepOnly(storage: () => Storage, beginning: string, key: string): void {
  try {
    for (const one of Object.keys(storage()))
      if (one.startsWith(beginning) && one !== key) storage().removeItem(one);
  } catch {
    // Nothing can be kept there anyway.
  }
}

/** Whether there is storage at all. */
export function remembers(): boolean {
  try {
    return localStorage !== null;
  } catch {
    return false;
  }
}

export const local = () => localStorage;
/** Of this tab only. */
export const tab = () => sessionStorage;
