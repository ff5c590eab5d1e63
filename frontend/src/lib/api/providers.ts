/** Signing in by the word of others: coming back from there, and the links of one's account. */
import { send } from './http';
import type { Proof } from './passkeys';
import { session } from './session.svelte';

/** Where somebody is sent who signs in by this provider and shall come back to `to`; `invitation` is the secret of a link. */
export function wayTo(provider: string, to?: string, invitation?: string): string {
  const query = new URLSearchParams();
  if (to) query.set('to', to);
  if (invitation) query.set('invitation', invitation);
  return `/api/auth/${encodeURIComponent(provider)}/login?${query}`;
}

/** Takes over the session that the server began when it sent this browser back: it is in the cookies alone. */
export async function comeBack(): Promise<void> {
  await session.begin(await send({ method: 'post', path: '/api/auth/refresh', body: {} }));
}

/** Where to go on to link one's account. Whoever signed in a while ago gives a proof, or hears `proof_needed`. */
export const wantLink = (id: string, proof: Proof) =>
  session.request({ method: 'post', path: '/api/auth/providers/{id}/link', params: { id }, body: proof });

export const ownLinks = () => session.request({ method: 'get', path: '/api/auth/providers' });

export const removeLink = (id: string) =>
  session.request({ method: 'delete', path: '/api/auth/providers/{id}', params: { id } });
