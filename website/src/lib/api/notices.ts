import type { ApiClient, Schemas } from './client';

/* How an account is told about its jobs: by e-mail, and by messages to its programs. */

export type Notifications = Schemas['Notifications'];
export type Webhook = Schemas['WebhookSummary'];
export type WebhookEvent = Schemas['WebhookEvent'];
export type Message = Schemas['MessageSummary'];

export interface Notices {
  notifications: Notifications;
  webhooks: Webhook[];
  messages: Message[];
}

export async function notices(api: ApiClient): Promise<Notices> {
  const [notifications, webhooks, messages] = await Promise.all([
    api.get<Notifications>('/v1/me/notifications'),
    api.get<Schemas['Webhooks']>('/v1/me/webhooks'),
    api.get<Schemas['Messages']>('/v1/me/messages')
  ]);
  return { notifications, webhooks: webhooks.items, messages: messages.items };
}

export function chooseMail(api: ApiClient, wishes: Schemas['MailWishesRequest']): Promise<Notifications> {
  return api.post('/v1/me/notifications', wishes);
}

export function addWebhook(api: ApiClient, url: string, events: WebhookEvent[]): Promise<Webhook> {
  return api.post('/v1/me/webhooks', { url, events } satisfies Schemas['NewWebhookRequest']);
}

export function removeWebhook(api: ApiClient, id: string): Promise<void> {
  return api.remove(`/v1/me/webhooks/${encodeURIComponent(id)}`);
}

export function testWebhook(api: ApiClient, id: string): Promise<void> {
  return api.act(`/v1/me/webhooks/${encodeURIComponent(id)}/test`);
}

export function renewSecret(api: ApiClient): Promise<Schemas['SigningSecret']> {
  return api.post('/v1/me/webhook-secret', {});
}

export function resendMessage(api: ApiClient, id: string): Promise<void> {
  return api.act(`/v1/me/messages/${encodeURIComponent(id)}/resend`);
}
