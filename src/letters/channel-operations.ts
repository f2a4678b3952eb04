import { z } from 'zod';
import { AppError, count, operation, readSetting } from '../core/index.ts';
import { SMS_ENABLED } from './sms-settings.ts';

const channel = z.enum(['email', 'sms']);

export const showChannels = operation({
  name: 'channel.show',
  summary: { en: 'Shows how letters go out, without secrets', de: 'Zeigt, wie Briefe verschickt werden, ohne Geheimnisse' },
  privilege: 'settings:read',
  input: z.strictObject({}),
  output: z.object({
    channels: z.array(
      z.object({
        channel,
        kind: z.enum(['smtp', 'mailbox', 'sms_gateway', 'sms_mail']).nullable().describe('Null: not configured'),
        enabled: z.boolean().describe('Letters go out by it'),
        details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    ),
  }),
  audit: () => ({ entity: 'channel', id: null }),
  run: async (ctx) => {
    const enabled = await readSetting(ctx.db.pool, SMS_ENABLED);
    return {
      channels: channel.options.map((name) => {
        const way = ctx.channels?.[name] ?? null;
        return {
          channel: name,
          kind: way?.kind ?? null,
          enabled: way !== null && (name === 'email' || enabled),
          details: { ...way?.describe?.() },
        };
      }),
    };
  },
});

/** Milliseconds; a person waits for it. */
const PATIENCE_MS = 20_000;

export const testChannel = operation({
  name: 'channel.test',
  summary: {
    en: 'Tries whether the mail server or SMS gateway can be reached, without sending anything',
    de: 'Prüft, ob der Mailserver oder das SMS-Gateway erreichbar ist, ohne etwas zu verschicken',
  },
  privilege: 'settings:write',
  input: z.strictObject({ channel }),
  output: z.object({
    channel,
    reachable: z.boolean(),
    reason: z.string().nullable().describe('What the other side said when it is not'),
    milliseconds: count,
  }),
  audit: (input, output) => ({ entity: 'channel', id: input.channel, detail: { reachable: output?.reachable ?? null } }),
  run: async (ctx, input) => {
    const way = ctx.channels?.[input.channel] ?? null;
    if (way === null) throw new AppError('letters.no_channel', { channel: input.channel });
    const began = performance.now();
    const reason = await (way.verify?.(AbortSignal.timeout(PATIENCE_MS)) ?? Promise.resolve()).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return { channel: input.channel, reachable: reason === null, reason, milliseconds: Math.round(performance.now() - began) };
  },
});
