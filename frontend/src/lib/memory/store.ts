/** JSON in the browser's storage; a browser that refuses storage simply remembers nothing. */

export function read<T>(storage: () => Storage, key: string): T | undefined {
  try {
    const found = storage().getItem(key);
    return found === null ? undefined : (JSON.parse(found) as T);
  } catch {
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
