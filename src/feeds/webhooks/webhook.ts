/** What a webhook is, and how what it is sent can be trusted. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { count, id, instant } from '../../core/index.ts';

export const EVENTS = ['run.finished', 'user.changed'] as const;
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;

const MOST_URL = 2_000;

/** Nothing but http and https; a password in the address would stand in every list of webhooks. */
export const webhookUrl = z
  .string()
  .trim()
  .max(MOST_URL)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, username, password, hash } = new URL(text);
    return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
  }, 'has to be an http or https address without a password')
  .describe('Where it is told: an http or https address');

export const webhookEvents = z
  .array(z.enum(EVENTS))
  .min(1)
  .transform((events) => [...new Set(events)])
  .describe('run.finished: a job, an undo or an import has ended; user.changed: users were changed, by whatever means');

export const webhookFields = {
  id,
  url: z.string(),
  events: z.array(z.enum(EVENTS)),
  active: z.boolean(),
  created_at: instant,
  created_by: z.string(),
  waiting: count.describe('Deliveries that are due or will be tried again'),
  failed: count.describe('Deliveries that were given up'),
  delivered_at: instant.nullable().describe('When something was last delivered'),
};

/**
 * `sha256=…`: HMAC-SHA256, in hexadecimal, over `timestamp.body` with the webhook's secret. The time
 * is signed as well, so that an old message cannot be sent again as a new one.
 */
export function signatureOf(secret: string, timestamp: number, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
