/** What a person chose last time: name, devices, and whether to come in heard and seen. */
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

export const wishes = (): Wishes => ({ ...first, ...read<Partial<Wishes>>(local, KEY) });

export function keepWishes(changed: Partial<Wishes>): void {
  write(local, KEY, { ...wishes(), ...changed });
}
