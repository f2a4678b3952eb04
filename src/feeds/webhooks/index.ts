export { listDeliveries, retryDeliveries, type WebhookDelivery } from './deliveries.ts';
export { expireDeliveries, sendWebhooks } from './send-webhooks.ts';
export { signatureOf } from './webhook.ts';
export { createWebhook, deleteWebhook, listWebhooks, updateWebhook, type WebhookView } from './webhook-operations.ts';
