/** Requests of administrators about the whole server. */
import { session } from './session.svelte';
import type { Answer } from './types';

export type Overview = Answer<'get', '/api/admin/overview'>;
export type ListedUser = Answer<'get', '/api/admin/users'>['users'][number];
export type Invitation = Answer<'get', '/api/admin/invite-tokens'>['tokens'][number];

/** The settings that act at once; the answer names more, for clients of another age. */
export interface ServerValues {
  serverName: string;
  registrationEnabled: boolean;
  tokenRegistrationOnly: boolean;
  guestLoginEnabled: boolean;
  passkeysEnabled: boolean;
  chatMaxMessageCount: number;
  chatMessageTTLHours: number;
  auditRetentionDays: number;
}

export const overview = () => session.request({ method: 'get', path: '/api/admin/overview' });

export const users = (query: Record<string, string>) =>
  session.request({ method: 'get', path: '/api/admin/users', query });

export const setActive = (id: string, active: boolean) =>
  session.request({ method: 'put', path: '/api/admin/users/{id}/status', params: { id }, body: { active } });

export const setAccesses = (id: string, accesses: string[]) =>
  session.request({
    method: 'put',
    path: '/api/admin/users/{id}/accesses',
    params: { id },
    body: { accesses },
  });

export const forceLogout = (id: string) =>
  session.request({ method: 'post', path: '/api/admin/users/{id}/force-logout', params: { id } });

export const deleteUser = (id: string) =>
  session.request({ method: 'delete', path: '/api/admin/users/{id}', params: { id } });

export const invitations = (query: Record<string, string>) =>
  session.request({ method: 'get', path: '/api/admin/invite-tokens', query });

export const invite = (email: string, expiresInHours: number) =>
  session.request({
    method: 'post',
    path: '/api/admin/invite-tokens',
    body: { email: email || undefined, expiresInHours },
  });

export const takeBack = (id: string) =>
  session.request({ method: 'delete', path: '/api/admin/invite-tokens/{id}', params: { id } });

/** Waits until the mail server has taken it, or not. */
export const sendTestMail = (to: string) =>
  session.request({ method: 'post', path: '/api/admin/settings/send-test-email', body: { to } });

export const serverValues = async (): Promise<ServerValues> =>
  (await session.request({ method: 'get', path: '/api/admin/settings' })) as unknown as ServerValues;

export async function setServerValues(values: ServerValues): Promise<void> {
  const body = values as unknown as Record<string, never>;
  await session.request({ method: 'put', path: '/api/admin/settings', body });
}
