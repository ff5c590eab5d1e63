/** The catalogue in use, with the sentences of signing in and of one's own rooms. */
import { text as everywhere } from '.';
import { enAccount } from './en-account';

export const text = { ...everywhere, ...enAccount };
export { when } from '.';
