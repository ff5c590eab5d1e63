/** The call's own door: everything here brings livekit-client along. */
export { Call, type Answer, type CallSetup, type OwnEnding, type Pass, type Phase } from './call.svelte';
export type { CallEvent } from './events';
export type { Line } from './line/line';
export type { Chat, ChatRecord, Shelf } from './chat/chat.svelte';
export type { Message } from './chat/message';
export type { Person, Quality } from './people/person.svelte';
export type { Playable } from './people/playable';
export type { Own } from './media/own.svelte';
export type { Gestures } from './chat/gestures.svelte';
