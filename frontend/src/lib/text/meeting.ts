/** The catalogue in use, with the sentences of the meeting. */
import { text as everywhere } from '.';
import { enMeeting } from './en-meeting';

export const text = { ...everywhere, ...enMeeting };
export { when } from '.';
