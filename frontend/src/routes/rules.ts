/** What of an account's fields the page knows to be wrong, in words; the server decides. */
import { text } from '$lib/text/account';

const LEAST_BYTES = 12;
const MOST_BYTES = 128;

export const wrongMail = (mail: string): string | undefined =>
  /^\S+@\S+$/.test(mail.trim()) ? undefined : text.account.mailMissing;

/** Of a password that is to be set. */
export function wrongNewPassword(password: string): string | undefined {
  const bytes = new TextEncoder().encode(password).length;
  if (bytes < LEAST_BYTES) return text.account.passwordShort;
  return bytes > MOST_BYTES ? text.account.passwordLong : undefined;
}
