/** Requests about accounts and the server's public switches. */
import { send } from './http';
import { session } from './session.svelte';

export const serverSettings = () => send({ method: 'get', path: '/api/auth/settings' });

export async function signIn(email: string, password: string): Promise<void> {
  session.adopt(await send({ method: 'post', path: '/api/auth/login', body: { email, password } }));
}

export async function signUp(email: string, password: string, name: string): Promise<void> {
  session.adopt(await send({ method: 'post', path: '/api/auth/register', body: { email, password, name } }));
}

/** The first administrator, by the one-time token of the server's set-up link. */
export async function setUp(token: string, email: string, password: string, name: string): Promise<void> {
  session.adopt(
    await send({ method: 'post', path: '/api/auth/setup', body: { token, email, password, name } }),
  );
}
