/** The microphones and cameras of this machine, as far as the browser names them. */
export async function listDevices(): Promise<{ microphones: MediaDeviceInfo[]; cameras: MediaDeviceInfo[] }> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  // Before a permission is given, browsers list devices without an id: nothing to choose by.
  const known = all.filter((device) => device.deviceId);
  return {
    microphones: known.filter((device) => device.kind === 'audioinput'),
    cameras: known.filter((device) => device.kind === 'videoinput'),
  };
}

/** Where the sound may come out; empty where the browser leaves that to the system. */
export async function listSpeakers(): Promise<MediaDeviceInfo[]> {
  if (!('setSinkId' in HTMLMediaElement.prototype)) return [];
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return all.filter((device) => device.kind === 'audiooutput' && device.deviceId);
}
