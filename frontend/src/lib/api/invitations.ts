/** Requests about the links that lead past the lobby of a room. */
import { session } from './session.svelte';
import type { Body, Schemas } from './types';

export type Invitation = Schemas['RoomInvitation'];
export type NewInvitation = NonNullable<Body<'post', '/api/room/{id}/invitations'>>;

export const invitationsOf = (id: string) =>
  session.request({ method: 'get', path: '/api/room/{id}/invitations', params: { id } });

export const invite = (id: string, body: NewInvitation) =>
  session.request({ method: 'post', path: '/api/room/{id}/invitations', params: { id }, body });

export const uninvite = (id: string, invitation: string) =>
  session.request({
    method: 'delete',
    path: '/api/room/{id}/invitations/{invitation}',
    params: { id, invitation },
  });
