import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, count, id, instant, operation } from '../core/index.ts';
import { liftSuppression, suppress, SUPPRESSION_REASONS, suppressibleAddress } from './suppression.ts';

const channel = z.enum(['email', 'sms']);
const given = {
  channel: channel.default('email'),
  address: z.string().trim().min(1).max(320).describe('E-mail address or telephone number'),
};

const suppressionSchema = z.object({
  channel,
  address: z.string(),
  reason: z.enum(SUPPRESSION_REASONS),
  detail: z.string().nullable().describe('What the mail server said, or why staff did it'),
  since: instant,
  by: z.string().nullable().describe('Who put it on the list; null: Muster, after a report'),
  message: id.nullable().describe('Number of the message that came back'),
  users: z.array(z.string()).describe('Primary ids of users who have the address, at most five'),
});
export type SuppressionView = z.output<typeof suppressionSchema>;

export const listSuppressions = operation({
  name: 'suppression.list',
  summary: { en: 'Lists addresses that nothing is sent to', de: 'Listet Adressen auf, an die nichts verschickt wird' },
  privilege: 'letters:read',
  input: z.strictObject({
    channel: channel.optional(),
    reason: z.enum(SUPPRESSION_REASONS).optional(),
    search: z.string().trim().min(1).max(100).optional().describe('Part of the address'),
    after: z.string().max(500).optional().describe('The `next` of the page before'),
    limit: z.number().int().min(1).max(1_000).default(50),
  }),
  output: z.object({ total: count, suppressions: z.array(suppressionSchema), next: z.string().nullable() }),
  audit: (_, output) => ({ entity: 'suppression', id: null, detail: { shown: output?.suppressions.length ?? null } }),
  run: async (ctx, input) => {
    const place = readPlace(input.after);
    const search = input.search?.replace(/[\\%_]/g, String.raw`\$&`) ?? null;
    const matches = sql`(${input.channel ?? null}::text is null or s.channel = ${input.channel ?? null}::text)
      and (${input.reason ?? null}::text is null or s.reason = ${input.reason ?? null}::text)
      and (${search}::text is null or s.address like '%' || fold(${search}::text) || '%')`;
    const { rows: counted } = await ctx.db.pool.query<{ total: number }>(
      sql`select count(*) as total from suppressed_addresses s where ${matches}`,
    );
    const { rows } = await ctx.db.pool.query<SuppressionView & { place: string }>(sql`
      select s.channel, s.address, s.reason, s.detail, s.suppressed_at as since, s.created_by as by, s.outbox_id as message,
        s.suppressed_at::text as place,
        coalesce((select array_agg(x.primary_id order by x.primary_id) from (
          select distinct u.primary_id from user_emails e join users u on u.id = e.user_id
          where s.channel = 'email' and fold(e.address) = s.address order by u.primary_id limit 5) x), '{}') as users
      from suppressed_addresses s
      where ${matches} and (${place === undefined}::boolean or (s.suppressed_at, s.channel, s.address) <
        (${place?.at ?? null}::timestamptz, ${place?.channel ?? null}::text, ${place?.address ?? null}::text))
      order by s.suppressed_at desc, s.channel desc, s.address desc
      limit ${input.limit + 1}::integer`);
    const shown = rows.slice(0, input.limit);
    const last = shown.at(-1);
    return {
      total: counted[0]?.total ?? 0,
      suppressions: shown.map(({ place: _, ...view }) => view),
      next: rows.length > shown.length && last !== undefined ? JSON.stringify([last.place, last.channel, last.address]) : null,
    };
  },
});

const placeSchema = z.tuple([z.string().regex(/^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d(?::\d\d)*$/), channel, z.string()]);

function readPlace(after: string | undefined): { at: string; channel: string; address: string } | undefined {
  if (after === undefined) return undefined;
  const parsed = placeSchema.safeParse(jsonOf(after));
  if (!parsed.success) throw new AppError('input.invalid', { problems: 'after' });
  const [at, of, address] = parsed.data;
  return { at, channel: of, address };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const suppressAddress = operation({
  name: 'suppression.add',
  summary: { en: 'Sends nothing to an address any more', de: 'Verschickt nichts mehr an eine Adresse' },
  privilege: 'users:write',
  input: z.strictObject({ ...given, detail: z.string().trim().min(1).max(500).optional().describe('Why') }),
  output: z.object({ address: z.string(), added: z.boolean().describe('False: it was on the list already') }),
  audit: (input, output) => ({ entity: 'address', id: output?.address ?? input.address }),
  run: async (ctx, input) => {
    const address = await suppressibleAddress(ctx.db.pool, input.channel, input.address);
    const added = await suppress(ctx.db.pool, [
      { channel: input.channel, address, reason: 'manual', detail: input.detail ?? null, outboxId: null, by: ctx.actor.name },
    ]);
    return { address, added: added === 1 };
  },
});

export const liftAddress = operation({
  name: 'suppression.lift',
  summary: { en: 'Sends to an address again', de: 'Verschickt wieder an eine Adresse' },
  privilege: 'users:write',
  input: z.strictObject(given),
  output: z.object({ address: z.string() }),
  audit: (input, output) => ({ entity: 'address', id: output?.address ?? input.address }),
  run: async (ctx, input) => {
    const address = await suppressibleAddress(ctx.db.pool, input.channel, input.address);
    const lifted = await ctx.db.transaction((tx) => liftSuppression(tx, input.channel, address));
    if (!lifted) throw new AppError('letters.suppression_not_found', { address });
    return { address };
  },
});
