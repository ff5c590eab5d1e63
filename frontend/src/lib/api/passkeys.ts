/** Passkeys: what the server asks, put to the browser, and the device's answer sent back. */
import { ApiError, send } from './http';
import { session } from './session.svelte';
import type { Answer, Body } from './types';

/** Nobody answered: the person has changed their mind, or has no passkey for this server. */
export class NotAnswered extends Error {}
/** This device holds a passkey of the same account already. */
export class AlreadyThere extends Error {}

/** Before five minutes are over a question that waits in the mail field is put anew. */
const ANEW_MS = 4 * 60_000;

type Creation = Answer<'post', '/api/auth/passkey/register/begin'>;
type Known = Creation['excludeCredentials'];
type Signed = Body<'post', '/api/auth/passkey/login/finish'>;
/** Who it is, once more: by the password, or by a passkey that there is. */
export type Proof = { currentPassword?: string; passkey?: Signed };

/** Browsers know passkeys in a secure context only. */
export const knowsPasskeys = (): boolean => typeof PublicKeyCredential !== 'undefined';

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const descriptors = (known: Known): PublicKeyCredentialDescriptor[] =>
  known.map(({ id }) => ({ type: 'public-key', id: bytes(id) }));

/** The browser's dialog. It says by one and the same error that somebody cancelled, and that there is nothing to choose. */
async function ask(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const answer = await asking;
    if (answer instanceof PublicKeyCredential) return answer;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'InvalidStateError') throw new AlreadyThere();
    if (name !== 'NotAllowedError' && name !== 'AbortError' && name !== 'SecurityError') throw error;
  }
  throw new NotAnswered();
}

async function made(asked: Creation) {
  const credential = await ask(
    navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: asked.rp,
        user: { ...asked.user, id: bytes(asked.user.id) },
        pubKeyCredParams: asked.pubKeyCredParams.map(({ alg }) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        excludeCredentials: descriptors(asked.excludeCredentials),
        timeout: asked.timeout,
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
  };
}

/** Begins one more passkey. Whoever signed in a while ago gives a proof, or hears `proof_needed`. */
export const wantPasskey = (proof: Proof) =>
  session.request({ method: 'post', path: '/api/auth/passkey/register/begin', body: proof });

/** Has this device make the passkey, and keeps it. */
export async function addPasskey(asked: Creation, name: string): Promise<void> {
  const answer = { ...(await made(asked)), name };
  await session.request({ method: 'post', path: '/api/auth/passkey/register/finish', body: answer });
}

/** Makes an account that has a passkey and no password. Gives back the address that has to be confirmed first, if so. */
export async function signUpByPasskey(
  email: string,
  name: string,
  inviteToken?: string,
): Promise<string | undefined> {
  const body = { email, name, inviteToken };
  const asked = await send({ method: 'post', path: '/api/auth/passkey/signup/begin', body });
  const answer = await made(asked);
  return session.enter(await send({ method: 'post', path: '/api/auth/passkey/signup/finish', body: answer }));
}

async function signed(
  email: string,
  signal: AbortSignal,
  mediation?: CredentialMediationRequirement,
): Promise<Signed> {
  const asked = await send({
    method: 'post',
    path: '/api/auth/passkey/login/begin',
    body: email ? { email } : {},
  });
  const credential = await ask(
    navigator.credentials.get({
      mediation,
      signal,
      publicKey: {
        challenge: bytes(asked.challenge),
        rpId: asked.rpId,
        userVerification: 'required',
        allowCredentials: descriptors(asked.allowCredentials ?? []),
        timeout: asked.timeout,
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    credentialId: text(credential.rawId),
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
  };
}

async function get(email: string, signal: AbortSignal, mediation?: CredentialMediationRequirement) {
  const body = await signed(email, signal, mediation);
  session.adopt(await send({ method: 'post', path: '/api/auth/passkey/login/finish', body }));
}

/** What one of one's own passkeys signs, where somebody is asked once more who they are. */
export async function signedByPasskey(): Promise<Signed> {
  const { email } = await session.request({ method: 'get', path: '/api/auth/me' });
  return signed(email, new AbortController().signal);
}

/** Signs in by the browser's own dialog; with a mail address only by the passkeys of its account. */
export const signInByPasskey = (email: string) => get(email, new AbortController().signal);

/** Offers passkeys in the mail field, until somebody takes one or `stop` comes; true when somebody has signed in. */
export async function offerPasskeys(stop: AbortSignal): Promise<boolean> {
  const canOffer = knowsPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.());
  while (canOffer && !stop.aborted) {
    const anew = AbortSignal.timeout(ANEW_MS);
    try {
      await get('', AbortSignal.any([stop, anew]), 'conditional');
      return true;
    } catch (error) {
      if (anew.aborted) continue;
      // nobody has asked for anything yet, so nobody is told
      if (error instanceof NotAnswered || (error instanceof ApiError && error.status !== 401)) return false;
      throw error;
    }
  }
  return false;
}

export const ownPasskeys = () => session.request({ method: 'get', path: '/api/auth/passkeys' });

export const renamePasskey = (id: string, name: string) =>
  session.request({ method: 'patch', path: '/api/auth/passkeys/{id}', params: { id }, body: { name } });

export const removePasskey = (id: string) =>
  session.request({ method: 'delete', path: '/api/auth/passkeys/{id}', params: { id } });
