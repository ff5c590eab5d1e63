/** What happens in a call that somebody may want to hear about. Words for it are the page's business. */
import type { Kind, Trouble } from './media/kinds';

export type CallEvent =
  | { kind: 'joined' | 'left' | 'shareStarted' | 'shareStopped'; name: string }
  | { kind: 'removed' | 'banned' | 'handTaken'; name: string }
  | { kind: 'handRaised' | 'handLowered'; name: string; own: boolean }
  /** `seen` when the chat is open anyway. */
  | { kind: 'message'; name: string; text: string; seen: boolean }
  | { kind: 'asked'; device: Kind; name: string }
  | { kind: 'taken'; device: Kind | 'screen' }
  | { kind: 'deviceFailed'; device: Kind | 'screen'; why?: Trouble }
  | { kind: 'deviceReplaced'; device: Kind; name: string }
  | { kind: 'deviceGone' | 'deviceAllowed'; device: Kind }
  /** `cameraOff` where it stays off for that. */
  | { kind: 'noBlur'; cameraOff: boolean }
  | { kind: 'speakingMuted' | 'noClarity' };

export type Tell = (event: CallEvent) => void;
