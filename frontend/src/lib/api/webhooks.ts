/** Requests of administrators about whom outside the server tells what happens. */
import { session } from './session.svelte';
import type { Answer } from './types';

export type Webhook = Answer<'get', '/api/admin/webhooks'>['webhooks'][number];
export type Delivery = Answer<'get', '/api/admin/webhooks/{id}/deliveries'>['deliveries'][number];
export type Attempt = Answer<'get', '/api/admin/webhooks/{id}/deliveries/{delivery}'>['tries'][number];

export const webhooks = async () =>
  (await session.request({ method: 'get', path: '/api/admin/webhooks', query: { limit: '200' } })).webhooks;

export const addWebhook = (url: string, events: string[]) =>
  session.request({ method: 'post', path: '/api/admin/webhooks', body: { url, events } });

export const setWebhookActive = (id: string, isActive: boolean) =>
  session.request({
    method: 'put',
    path: '/api/admin/webhooks/{id}',
    params: { id },
    body: { isActive },
  });

export const deleteWebhook = (id: string) =>
  session.request({ method: 'delete', path: '/api/admin/webhooks/{id}', params: { id } });

export const rotateSecret = (id: string) =>
  session.request({ method: 'post', path: '/api/admin/webhooks/{id}/rotate-secret', params: { id } });

export const testWebhook = (id: string) =>
  session.request({ method: 'post', path: '/api/admin/webhooks/{id}/test', params: { id } });

export const deliveries = async (id: string) => {
  const path = '/api/admin/webhooks/{id}/deliveries';
  return (await session.request({ method: 'get', path, params: { id }, query: { limit: '50' } })).deliveries;
};

export const attempts = async (id: string, delivery: string) => {
  const path = '/api/admin/webhooks/{id}/deliveries/{delivery}';
  return (await session.request({ method: 'get', path, params: { id, delivery } })).tries;
};

export const replay = (id: string, delivery: string) => {
  const path = '/api/admin/webhooks/{id}/deliveries/{delivery}/replay';
  return session.request({ method: 'post', path, params: { id, delivery } });
};

export const replayDead = (id: string) =>
  session.request({ method: 'post', path: '/api/admin/webhooks/{id}/replay', params: { id } });
