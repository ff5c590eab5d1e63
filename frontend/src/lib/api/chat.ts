/** Requests about what was said in a room and is kept. */
import { session } from './session.svelte';

/** What was said, oldest first, as the chat keeps it itself. */
export async function said(id: string): Promise<unknown[]> {
  const kept = await session.request({ method: 'get', path: '/api/room/{id}/chat', params: { id } });
  return kept.map(({ senderIdentity, senderName, ...words }) => ({
    ...words,
    identity: senderIdentity,
    name: senderName,
  }));
}

/** Also when the page is being closed. */
export const say = (
  id: string,
  body: { id: string; message: string; attachments: object[]; replyTo?: object },
) =>
  session.request({
    method: 'post',
    path: '/api/room/{id}/chat',
    params: { id },
    body: body as never,
    outlives: true,
  });

export const unsay = (id: string, identity: string, message: string) =>
  session.request({
    method: 'delete',
    path: '/api/room/{id}/chat/{identity}/{message}',
    params: { id, identity, message },
  });
