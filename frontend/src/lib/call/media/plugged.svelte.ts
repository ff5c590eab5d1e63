/** What is plugged into this machine, as far as the browser names it; follows every change while somebody looks. */

/** Where it may not be chosen where the sound comes out, that is the system's business. */
export const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype;

export class Plugged {
  microphones = $state.raw<MediaDeviceInfo[]>([]);
  cameras = $state.raw<MediaDeviceInfo[]>([]);
  /** Empty where the browser leaves that to the system. */
  speakers = $state.raw<MediaDeviceInfo[]>([]);

  /** Looks now and at every change, until the returned function is called. */
  watch(): () => void {
    const look = () => void this.look();
    look();
    navigator.mediaDevices.addEventListener('devicechange', look);
    return () => navigator.mediaDevices.removeEventListener('devicechange', look);
  }

  async look(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    // Before a permission is given, browsers list devices without an id: nothing to choose by.
    const of = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind && device.deviceId);
    this.microphones = of('audioinput');
    this.cameras = of('videoinput');
    this.speakers = canChooseSpeaker() ? of('audiooutput') : [];
  }
}
