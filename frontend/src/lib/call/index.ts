/** The call's own door: everything here brings livekit-client along. */
export { Call, type Answer, type CallSetup, type OwnEnding, type Pass, type Phase } from './call.svelte';
export type { CallEvent } from './events';
export type { Line } from './line';
export type { Chat, Message, Shelf } from './chat.svelte';
export type { Person, Playable, Quality } from './person.svelte';
export type { Own } from './own.svelte';
export type { Gestures } from './gestures.svelte';
