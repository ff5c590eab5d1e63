/** Sentences about a device that does not open, or is not there: which, why, and what is in use now. */
import type { CallEvent } from '$lib/call';
import type { Kind, Trouble } from '$lib/call/media/kinds';
import { text } from '$lib/text/meeting';

type Device = Kind | 'screen' | 'speaker';

function trouble(device: Device, why: Trouble | undefined): string {
  const what = text.devices[device];
  if (why === 'blocked') return text.meeting.deviceBlocked(what);
  if (why === 'busy') return text.meeting.deviceBusy(what);
  return why === 'missing' ? text.meeting.deviceMissing(what) : text.meeting.deviceFailed(what);
}

export function failed({ device, why, off }: CallEvent & { kind: 'deviceFailed' }): string {
  const said = trouble(device, why);
  if (!off) return said;
  return `${said} ${device === 'camera' ? text.meeting.nowCameraOff : text.meeting.nowMuted}`;
}

/** Without a `why` the chosen one is not there at all. */
export function insteadOf({ device, name, why }: { device: Device; name: string; why?: Trouble }): string {
  const said = why ? trouble(device, why) : text.meeting.deviceNotThere(text.devices[device]);
  return `${said} ${text.meeting.nowInUse(name || text.join.systemSpeaker)}`;
}
