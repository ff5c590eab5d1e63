/** How a screen is asked for: with its sound, but without that of the meeting, which the others would hear come back. */
import type { AudioCaptureOptions, LocalParticipant } from 'livekit-client';
import type { Playable } from '../people/playable';

/** Newer than the types of TypeScript (W3C, Screen Capture). */
interface SoundOfScreen {
  /** Leaves out what this very page plays. */
  restrictOwnAudio?: boolean;
  /** The shared tab is silent here, so that no microphone takes it up. */
  suppressLocalAudioPlayback?: boolean;
}

/** Only what this browser knows: others would ignore it, but some refuse to share sound at all then. */
function sound(): AudioCaptureOptions | true {
  const known = navigator.mediaDevices.getSupportedConstraints() as Record<string, boolean | undefined>;
  const wanted: SoundOfScreen = {};
  if (known.restrictOwnAudio) wanted.restrictOwnAudio = true;
  if (known.suppressLocalAudioPlayback) wanted.suppressLocalAudioPlayback = true;
  return Object.keys(wanted).length ? (wanted as AudioCaptureOptions) : true;
}

export async function share(me: LocalParticipant, on: boolean): Promise<void> {
  await me.setScreenShareEnabled(on, {
    // livekit-client 2.23 has an option for one of these, and passes it on to nobody.
    audio: sound(),
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
  });
}

const played = new WeakMap<MediaStreamTrack, Playable>();

/** The sound of one's own share, where the browser has silenced it at its source: this page plays it, and hears itself out. */
export function heardHere(track: MediaStreamTrack | undefined): Playable | undefined {
  const settings = track?.getSettings() as SoundOfScreen | undefined;
  if (!track || !settings?.suppressLocalAudioPlayback) return undefined;
  const known = played.get(track) ?? {
    attach: (element: HTMLMediaElement) => (element.srcObject = new MediaStream([track])),
    detach: (element: HTMLMediaElement) => (element.srcObject = null),
  };
  played.set(track, known);
  return known;
}
