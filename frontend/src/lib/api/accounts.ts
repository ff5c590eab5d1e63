/** Requests about accounts and the server's public switches. */
import { json } from '../data/read';
import { send } from './http';
import { session } from './session.svelte';

export const serverSettings = () => send({ method: 'get', path: '/api/auth/settings' });

export async function signIn(email: string, password: string): Promise<void> {
  session.adopt(await send({ method: 'post', path: '/api/auth/login', body: { email, password } }));
}

/** `inviteToken` is the secret of an invitation's link. Gives back the address that has to be confirmed first, if so. */
export async function signUp(
  email: string,
  password: string,
  name: string,
  inviteToken?: string,
): Promise<string | undefined> {
  const body = { email, password, name, inviteToken };
  return session.enter(await send({ method: 'post', path: '/api/auth/register', body }));
}

/** Has a link for a new password sent, where there is such an account. */
export const forgotPassword = (email: string) =>
  send({ method: 'post', path: '/api/auth/forgot-password', body: { email } });

/** `token` is the secret of the link; it serves once. */
export const resetPassword = (token: string, newPassword: string) =>
  send({ method: 'post', path: '/api/auth/reset-password', body: { token, newPassword } });

/** Signs in by the link that confirms an address. */
export async function verifyMail(token: string): Promise<void> {
  await session.begin(await send({ method: 'post', path: '/api/auth/verify', body: { token } }));
}

export const resendVerification = (email: string) =>
  send({ method: 'post', path: '/api/auth/verify/resend', body: { email } });

/** The first administrator, by the one-time token of the server's set-up link. */
export async function setUp(token: string, email: string, password: string, name: string): Promise<void> {
  session.adopt(
    await send({ method: 'post', path: '/api/auth/setup', body: { token, email, password, name } }),
  );
}

/** Keeps the language with the account too, for what the server writes to it. */
export async function keepLanguage(language: string): Promise<void> {
  if (!session.isMember) return;
  const path = '/api/auth/preferences';
  const kept = json((await session.request({ method: 'get', path })).preferencesJson);
  const all = kept !== null && typeof kept === 'object' ? kept : {};
  await session.request({
    method: 'put',
    path,
    body: { preferencesJson: JSON.stringify({ ...all, language }) },
  });
}

export const me = () => session.request({ method: 'get', path: '/api/auth/me' });

/** Another mail address asks for the current password. */
export async function changeProfile(name: string, email: string, currentPassword?: string): Promise<void> {
  const { tokens, ...user } = await session.request({
    method: 'put',
    path: '/api/auth/me',
    body: { name, email, currentPassword },
  });
  session.changed(user, tokens ?? undefined);
}

export const changePassword = (currentPassword: string, newPassword: string) =>
  session.request({ method: 'put', path: '/api/auth/password', body: { currentPassword, newPassword } });

/** The devices on which one is signed in. */
export const ownSessions = () => session.request({ method: 'get', path: '/api/auth/sessions' });

export const endSession = (id: string) =>
  session.request({ method: 'delete', path: '/api/auth/sessions/{id}', params: { id } });

/** Everything that is kept about one's account. */
export const ownData = () => session.request({ method: 'get', path: '/api/auth/me/export' });

/** Deletes one's account; by the password, or by a passkey that was used a moment ago. */
export async function leave(password: string): Promise<void> {
  const body = password ? { password } : {};
  await session.request({ method: 'delete', path: '/api/auth/me', body });
  session.forget();
}
