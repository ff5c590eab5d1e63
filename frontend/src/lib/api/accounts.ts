/** Requests about accounts and the server's public switches. */
import { send } from './http';
import { session } from './session.svelte';
import type { Login, ServerSettings, VerificationNeeded } from './types';

export const serverSettings = () => send<ServerSettings>({ method: 'GET', path: '/api/auth/settings' });

export async function signIn(email: string, password: string): Promise<void> {
  session.adopt(await send<Login>({ method: 'POST', path: '/api/auth/login', body: { email, password } }));
}

/** Gives the answer back when the mail address has to be proven first. */
export async function signUp(
  email: string,
  password: string,
  name: string,
): Promise<VerificationNeeded | undefined> {
  const answer = await send<Login | VerificationNeeded>({
    method: 'POST',
    path: '/api/auth/register',
    body: { email, password, name },
  });
  if ('requiresVerification' in answer) return answer;
  session.adopt(answer);
}

/** The first administrator, by the one-time token of the server's set-up link. */
export async function setUp(token: string, email: string, password: string, name: string): Promise<void> {
  session.adopt(
    await send<Login>({ method: 'POST', path: '/api/auth/setup', body: { token, email, password, name } }),
  );
}
