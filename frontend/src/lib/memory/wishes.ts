/** What a person chose last time: name, devices, and whether to come in heard and seen. */
import { flag, some, text } from '../data/read';
import { local, read, write } from './store';

const KEY = 'bedrud.wishes';

export interface Wishes {
  name: string;
  microphone: boolean;
  camera: boolean;
  /** The background out of focus. */
  blur: boolean;
  microphoneId: string;
  cameraId: string;
  speakerId: string;
}

const first: Wishes = {
  name: '',
  microphone: true,
  camera: true,
  blur: false,
  microphoneId: '',
  cameraId: '',
  speakerId: '',
};

/** Browsers name devices with 64 characters. */
const device = text(200);
const kept = some({
  name: text(200),
  microphone: flag,
  camera: flag,
  blur: flag,
  microphoneId: device,
  cameraId: device,
  speakerId: device,
});

export const wishes = (): Wishes => ({ ...first, ...read(local, KEY, kept) });

export function keepWishes(changed: Partial<Wishes>): void {
  write(local, KEY, { ...wishes(), ...changed });
}
