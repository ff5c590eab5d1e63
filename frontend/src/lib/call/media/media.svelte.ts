/** Camera and microphone before the meeting: asked for once, shown, chosen, then handed over or let go. LiveKit only for the blur. */
import type { LocalVideoTrack } from 'livekit-client';
import { AUDIO, troubleOf, VIDEO, type Kind, type Trouble } from './kinds';
import { onceAllowed } from './permission';
import { Plugged } from './plugged.svelte';

const wanted = (base: MediaTrackConstraints, id: string): MediaTrackConstraints =>
  id ? { ...base, deviceId: { ideal: id } } : base;

/** What the meeting takes over: tracks that already run. */
export interface Handover {
  microphone?: MediaStreamTrack;
  camera?: MediaStreamTrack;
  /** The camera with its background blurred already. */
  blurredCamera?: LocalVideoTrack;
  /** What to do when that turns out to be too much for this machine. */
  onSlow: (then: () => void) => void;
  /** Whether the background should be blurred. */
  blur: boolean;
  microphoneId: string;
  cameraId: string;
  /** Where the sound comes out; empty: where the system has it. */
  speakerId: string;
}

export class LocalMedia {
  microphone = $state.raw<MediaStreamTrack | undefined>();
  camera = $state.raw<MediaStreamTrack | undefined>();
  microphoneId = $state('');
  cameraId = $state('');
  speakerId = $state('');
  readonly plugged = new Plugged();
  trouble = $state<Partial<Record<Kind, Trouble>>>({});
  /** In use instead of what was remembered or chosen, which is not there; `why` where it is, and does not open. */
  instead = $state<Partial<Record<Kind | 'speaker', { name: string; why?: Trouble }>>>({});
  /** Whether the background should be blurred. */
  blur = $state(false);
  /** It was tried, and this machine cannot. */
  noBlur = $state(false);
  /** While the browser asks the person, or a device warms up. */
  opening = $state(false);

  #blurred = $state.raw<LocalVideoTrack | undefined>();
  #slow = () => {
    this.#undress();
    this.blur = false;
    this.noBlur = true;
  };
  #gone = false;
  #waiting: Partial<Record<Kind, () => void>> = {};
  #unwatch = () => {};

  constructor(remembered: { microphoneId: string; cameraId: string; speakerId: string; blur: boolean }) {
    this.microphoneId = remembered.microphoneId;
    this.cameraId = remembered.cameraId;
    this.speakerId = remembered.speakerId;
    this.blur = remembered.blur;
  }

  /** How the others will see one. */
  get picture(): MediaStreamTrack | undefined {
    return this.#blurred?.mediaStreamTrack ?? this.camera;
  }

  /** Both in one question of the browser; when that fails, each alone, so that one missing device does not cost both. */
  async open(want: { microphone: boolean; camera: boolean }): Promise<void> {
    this.opening = true;
    try {
      if (want.microphone && want.camera) {
        const stream = await this.#ask({ microphone: true, camera: true }).catch(() => undefined);
        if (stream) return this.#take(stream);
      }
      if (want.camera) await this.#openOne('camera');
      if (want.microphone) await this.#openOne('microphone');
    } finally {
      this.opening = false;
      this.#unwatch();
      this.#unwatch = this.plugged.watch();
      await this.plugged.look();
      this.#findSpeaker();
    }
  }

  async set(kind: Kind, on: boolean): Promise<void> {
    if (!on) {
      if (kind === 'camera') this.#undress();
      this[kind]?.stop();
      this[kind] = undefined;
      return;
    }
    await this.#openOne(kind);
    await this.plugged.look();
  }

  async choose(kind: Kind, id: string): Promise<void> {
    const before = this.#idOf(kind);
    const was = this[kind];
    this.#want(kind, id);
    this.instead = { ...this.instead, [kind]: undefined };
    if (!was && !this.trouble[kind]) return;
    // Some systems open a device only after the other one of its kind is let go.
    was?.stop();
    await this.#openOne(kind);
    const why = this.trouble[kind];
    if (!was || this[kind] || why === 'blocked' || this.#idOf(kind) !== id) return;
    this.#want(kind, before);
    await this.#openOne(kind);
    const again = this[kind] as MediaStreamTrack | undefined;
    if (again) this.instead = { ...this.instead, [kind]: { name: again.label, why } };
  }

  chooseSpeaker(id: string): void {
    this.speakerId = id;
    this.instead = { ...this.instead, speaker: undefined };
  }

  async setBlur(on: boolean): Promise<void> {
    this.blur = on;
    this.noBlur = false;
    if (on) return this.#dress();
    this.#undress();
  }

  /** Gives the running tracks away; this object lets go of them. */
  handOver(): Handover {
    this.#gone = true;
    this.#unwatch();
    const { microphone, camera, blur, microphoneId, cameraId, speakerId } = this;
    const onSlow = (then: () => void) => {
      this.#slow = then;
    };
    const blurredCamera = this.#blurred;
    return { microphone, camera, blurredCamera, onSlow, blur, microphoneId, cameraId, speakerId };
  }

  /** Turns the lights off, unless the tracks were handed over. */
  close(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#unwatch();
    this.#undress();
    this.microphone?.stop();
    this.camera?.stop();
  }

  #idOf(kind: Kind): string {
    return kind === 'camera' ? this.cameraId : this.microphoneId;
  }

  #want(kind: Kind, id: string): void {
    if (kind === 'camera') this.cameraId = id;
    else this.microphoneId = id;
  }

  /** What was chosen another time may be at home. */
  #findSpeaker(): void {
    const { speakers } = this.plugged;
    if (!this.speakerId || !speakers.length || speakers.some((one) => one.deviceId === this.speakerId))
      return;
    this.speakerId = '';
    this.instead = { ...this.instead, speaker: { name: speakers[0]?.label ?? '' } };
  }

  #ask(want: { microphone?: boolean; camera?: boolean }): Promise<MediaStream> {
    return navigator.mediaDevices.getUserMedia({
      audio: want.microphone ? wanted(AUDIO, this.microphoneId) : false,
      video: want.camera ? wanted(VIDEO, this.cameraId) : false,
    });
  }

  async #openOne(kind: Kind): Promise<void> {
    try {
      this.#take(await this.#ask({ [kind]: true }));
      this.trouble = { ...this.trouble, [kind]: undefined };
    } catch (error) {
      this[kind] = undefined;
      const trouble = troubleOf(error);
      this.trouble = { ...this.trouble, [kind]: trouble };
      if (trouble === 'blocked') this.#awaitLeave(kind);
    }
  }

  /** Whoever allows it in the site settings has answered the question that stood here. */
  #awaitLeave(kind: Kind): void {
    this.#waiting[kind]?.();
    this.#waiting[kind] = onceAllowed(kind, () => {
      if (!this.#gone && !this[kind]) void this.set(kind, true);
    });
  }

  #take(stream: MediaStream): void {
    // The person left the page while the browser was still asking.
    if (this.#gone) return stream.getTracks().forEach((track) => track.stop());
    const microphone = stream.getAudioTracks()[0];
    const camera = stream.getVideoTracks()[0];
    if (microphone) this.#keep('microphone', microphone);
    if (camera) this.#keep('camera', camera);
  }

  #keep(kind: Kind, track: MediaStreamTrack): void {
    if (kind === 'camera') this.#undress();
    // Two answers to two presses: one light is enough.
    if (this[kind] !== track) this[kind]?.stop();
    this[kind] = track;
    const id = track.getSettings().deviceId ?? '';
    const wanted = this.#idOf(kind);
    if (wanted && id && wanted !== id) this.instead = { ...this.instead, [kind]: { name: track.label } };
    this.#want(kind, id);
    track.addEventListener('ended', () => {
      // Pulled out: the next one, if there is one.
      if (!this.#gone && this[kind] === track) void this.set(kind, true);
    });
    if (kind === 'camera') void this.#dress();
  }

  /** Blurs the running camera, if that is wanted; the preview shows it as it is meanwhile. */
  async #dress(): Promise<void> {
    const { camera } = this;
    if (!this.blur || !camera || this.#blurred) return;
    const wanted = () => this.blur && this.camera === camera && !this.#gone && !this.#blurred;
    try {
      const { blurCamera } = await import('./blur');
      const blurred = await blurCamera(camera, () => this.#slow());
      if (wanted()) this.#blurred = blurred;
      else void blurred.stopProcessor();
    } catch {
      if (!wanted()) return;
      this.blur = false;
      this.noBlur = true;
    }
  }

  #undress(): void {
    void this.#blurred?.stopProcessor();
    this.#blurred = undefined;
  }
}
