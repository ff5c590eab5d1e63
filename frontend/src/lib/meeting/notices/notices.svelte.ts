/** Short sentences about what just happened: read out by screen readers, shown for some seconds. */
import type { CallEvent } from '$lib/call';
import { text } from '$lib/text/meeting';
import { failed, insteadOf } from '../devices/words';
import { habits } from '../habits.svelte';
import { play, type Tone } from './tones';

const tones: Partial<Record<CallEvent['kind'], Tone>> = {
  joined: 'join',
  left: 'leave',
  handRaised: 'hand',
  message: 'message',
};

const SHOWN_MS = 5000;
const MOST = 4;

export interface Asked {
  device: 'microphone' | 'camera';
  sentence: string;
}

export class Notices {
  shown = $state.raw<{ id: number; sentence: string }[]>([]);
  /** A moderator's wish that waits for an answer. */
  asked = $state.raw<Asked | undefined>();

  #next = 0;

  say(sentence: string): void {
    const id = this.#next++;
    const others = this.shown.filter((notice) => notice.sentence !== sentence);
    this.shown = [...others, { id, sentence }].slice(-MOST);
    setTimeout(() => (this.shown = this.shown.filter((notice) => notice.id !== id)), SHOWN_MS);
  }

  readonly tell = (event: CallEvent): void => {
    const words = text.meeting;
    const tone = tones[event.kind];
    if (tone && habits.sounds) play(tone);
    switch (event.kind) {
      case 'joined':
        return this.say(words.joined(event.name));
      case 'left':
        return this.say(words.left(event.name));
      case 'missed':
        return this.say(words.missed(event.name));
      case 'foundAgain':
        return this.say(words.foundAgain(event.name));
      case 'shareStarted':
        return this.say(words.startedSharing(event.name));
      case 'shareStopped':
        return this.say(words.stoppedSharing(event.name));
      case 'removed':
        return this.say(words.wasRemoved(event.name));
      case 'banned':
        return this.say(words.wasBanned(event.name));
      case 'message':
        // An open chat is a live region of its own.
        if (!event.seen && habits.readChat) this.say(text.chat.said(event.name, event.text));
        return;
      case 'handRaised':
        return this.say(event.own ? words.ownHandRaised : words.handRaised(event.name));
      case 'handLowered':
        return this.say(event.own ? words.ownHandLowered : words.handLowered(event.name));
      case 'handTaken':
        return this.say(words.handTaken(event.name));
      case 'taken':
        if (event.device === 'screen') return this.say(words.shareStopped);
        return this.say(event.device === 'camera' ? words.cameraByModerator : words.mutedByModerator);
      case 'givenBack':
        return this.say(words.givenBack[event.device]);
      case 'quieted':
        return this.say(event.device === 'camera' ? words.cameraWasOff : words.wasMuted);
      case 'deviceFailed':
        return this.say(failed(event));
      case 'deviceKept':
      case 'deviceForgotten':
        return this.say(insteadOf(event));
      case 'deviceReplaced':
        return this.say(words.deviceReplaced(text.devices[event.device], event.name));
      case 'deviceGone':
        return this.say(words.deviceGone(text.devices[event.device]));
      case 'deviceAllowed':
        return this.say(words.deviceAllowed(text.devices[event.device]));
      case 'noBlur':
        return this.say(event.cameraOff ? words.noBlurCamera : words.noBlur);
      case 'noClarity':
        return this.say(words.noClarity);
      case 'stage':
        return this.say(event.on ? words.onStage : words.inAudience);
      case 'deafened':
        return this.say(event.on ? words.deafened : words.undeafened);
      case 'speakingMuted':
        return this.say(words.speakingMuted);
      case 'asked': {
        const sentence =
          event.device === 'camera'
            ? event.name
              ? words.askCamera(event.name)
              : words.askedCamera
            : event.name
              ? words.askUnmute(event.name)
              : words.askedUnmute;
        this.asked = { device: event.device, sentence };
      }
    }
  };
}
