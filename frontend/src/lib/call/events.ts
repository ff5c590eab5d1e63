/** What happens in a call that somebody may want to hear about. Words for it are the page's business. */
import type { Kind, Trouble } from './media/kinds';

export type CallEvent =
  | { kind: 'joined' | 'left' | 'shareStarted' | 'shareStopped'; name: string }
  /** The server has lost sight of somebody, or sees them again. */
  | { kind: 'missed' | 'foundAgain'; name: string }
  | { kind: 'removed' | 'banned' | 'handTaken'; name: string }
  | { kind: 'handRaised' | 'handLowered'; name: string; own: boolean }
  /** `seen` when the chat is open anyway. */
  | { kind: 'message'; name: string; text: string; seen: boolean }
  | { kind: 'asked'; device: Kind; name: string }
  /** Switched off by a moderator; one may switch it on again. */
  | { kind: 'quieted'; device: Kind }
  /** Held by a moderator, and given back. */
  | { kind: 'taken' | 'givenBack'; device: Kind | 'screen' }
  /** `off` where it was on until now. */
  | { kind: 'deviceFailed'; device: Kind | 'screen' | 'speaker'; why?: Trouble; off?: boolean }
  /** It did not open, and another one is in use. */
  | { kind: 'deviceKept'; device: Kind; why: Trouble; name: string }
  | { kind: 'deviceReplaced'; device: Kind; name: string }
  /** What was remembered is not there, or does not open; without a name the system's own is in use. */
  | { kind: 'deviceForgotten'; device: Kind | 'speaker'; name: string; why?: Trouble }
  | { kind: 'deviceGone' | 'deviceAllowed'; device: Kind }
  /** `cameraOff` where it stays off for that. */
  | { kind: 'noBlur'; cameraOff: boolean }
  /** Brought on stage, or back in the audience. */
  | { kind: 'stage'; on: boolean }
  /** A moderator turned the sound off for oneself, or on again. */
  | { kind: 'deafened'; on: boolean }
  | { kind: 'speakingMuted' | 'noClarity' };

export type Tell = (event: CallEvent) => void;
