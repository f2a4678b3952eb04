/** What is the same for letters, frames and snippets: reading, comparing and publishing their versions. */
import { z } from 'zod';
import sql from 'sql-template-tag';
import { AppError, type Context, instant, operation, type Queryable } from '../core/index.ts';
import { compareTexts, partDifferenceSchema } from './compare.ts';
import { frameSchema } from './frame.ts';
import { textFields, textKey } from './input.ts';
import { requireSendable, requireSendableWithout } from './sendable.ts';
import {
  listVersions,
  nameOf,
  publishVersion,
  readPublished,
  readVersion,
  TEXT_KINDS,
  type TextKey,
  textNotFound,
  versionBefore,
  withdrawText,
} from './versions.ts';

const keySchema = { kind: z.enum(TEXT_KINDS), code: z.string(), language: z.string() };
const number = z.int().positive().max(1_000_000);

const versionSchema = z.object({
  id: z.int().positive().describe('Number among all versions of all texts: what a message names'),
  ...keySchema,
  number,
  subject: z.string().nullable(),
  body: z.string(),
  sms: z.string().nullable(),
  frame: frameSchema.nullable(),
  note: z.string().nullable(),
  created_at: instant,
  created_by: z.string(),
});

const versionHeadSchema = z.object({
  number,
  state: z.enum(['draft', 'published', 'former', 'unused']).describe('`draft`: newer than what is published; `former`: was published once'),
  note: z.string().nullable(),
  created_at: instant,
  created_by: z.string(),
  published_at: instant.nullable().describe('When it was published last'),
  published_by: z.string().nullable(),
});

const movedSchema = z.object({
  ...keySchema,
  published: z.int().nullable().describe('Number of the version that is published now'),
  before: z.int().nullable().describe('Number of the one that was published before'),
});

const audit = (input: { readonly kind: string; readonly code: string; readonly language: string }, detail: object = {}) => ({
  entity: input.kind,
  id: input.code,
  detail: { language: input.language, ...detail },
});

export const listTexts = operation({
  name: 'letter_text.list',
  summary: {
    en: 'Lists the letters, frames or snippets in all languages',
    de: 'Listet die Briefe, Rahmen oder Textbausteine in allen Sprachen auf',
  },
  privilege: 'letters:read',
  input: z.object({ kind: textFields.kind }).strict(),
  output: z.object({
    texts: z.array(
      z.object({
        ...keySchema,
        latest: number.describe('Number of the newest version'),
        published: z.int().nullable().describe('Number of the published version'),
        modified_at: instant,
        modified_by: z.string(),
      }),
    ),
  }),
  audit: (input) => ({ entity: input.kind, id: null }),
  run: async (ctx, input) => ({ texts: await readHeads(ctx.db.pool, input.kind) }),
});

export const showText = operation({
  name: 'letter_text.show',
  summary: { en: 'Shows a version of a letter, frame or snippet', de: 'Zeigt eine Version eines Briefs, Rahmens oder Textbausteins' },
  privilege: 'letters:read',
  input: z
    .object({
      ...textFields,
      version: number.optional().describe('Without it the newest'),
      published: z.boolean().default(false).describe('The published version'),
    })
    .strict(),
  output: versionSchema,
  audit: (input) => audit(input),
  run: async (ctx, input) => {
    const key = textKey(input);
    const wanted = input.version !== undefined || !input.published;
    const version = wanted ? await readVersion(ctx.db.pool, key, input.version) : await readPublished(ctx.db.pool, key);
    if (version === undefined) throw textNotFound(key);
    return { ...version, frame: version.frame === null ? null : frameSchema.parse(version.frame) };
  },
});

export const listTextVersions = operation({
  name: 'letter_text.versions',
  summary: {
    en: 'Lists the versions of a letter, frame or snippet, newest first',
    de: 'Listet die Versionen eines Briefs, Rahmens oder Textbausteins auf, die neueste zuerst',
  },
  privilege: 'letters:read',
  input: z.object(textFields).strict(),
  output: z.object({ ...keySchema, versions: z.array(versionHeadSchema) }),
  audit: (input) => audit(input),
  run: async (ctx, input) => {
    const key = textKey(input);
    return { ...key, versions: await listVersions(ctx.db.pool, key) };
  },
});

export const compareText = operation({
  name: 'letter_text.compare',
  summary: {
    en: 'Shows what differs between two versions, line by line and word by word',
    de: 'Zeigt, worin sich zwei Versionen unterscheiden, Zeile für Zeile und Wort für Wort',
  },
  privilege: 'letters:read',
  input: z
    .object({
      ...textFields,
      from: number.optional().describe('The earlier version; without it the published one, or the one before `to` if that is published'),
      to: number.optional().describe('The later version; without it the newest'),
    })
    .strict(),
  output: z.object({ ...keySchema, from: number, to: number, same: z.boolean(), parts: z.array(partDifferenceSchema) }),
  audit: (input) => audit(input),
  run: async (ctx, input) => {
    const key = textKey(input);
    const to = await readVersion(ctx.db.pool, key, input.to);
    const from = await readVersion(ctx.db.pool, key, input.from ?? (await naturalBase(ctx, key, to.number)));
    const parts = compareTexts(from, to);
    return { ...key, from: from.number, to: to.number, same: parts.every((part) => part.same), parts };
  },
});

/** What one wants to compare with: what is sent now; for what is sent now, the version before it. */
async function naturalBase(ctx: Context, key: TextKey, to: number): Promise<number> {
  const published = await readPublished(ctx.db.pool, key);
  if (published !== undefined && published.number !== to) return published.number;
  return Math.max(1, to - 1);
}

export const publishText = operation({
  name: 'letter_text.publish',
  summary: {
    en: 'Publishes a version of a letter, frame or snippet: it is sent from now on',
    de: 'Veröffentlicht eine Version eines Briefs, Rahmens oder Textbausteins: Sie wird von nun an verschickt',
  },
  privilege: 'letters:write',
  input: z
    .object({ ...textFields, version: number.optional().describe('Without it the newest; an older one is published again') })
    .strict(),
  output: movedSchema,
  audit: (input, output) => audit(input, { version: output?.published ?? input.version }),
  run: (ctx, input) => {
    const key = textKey(input);
    return ctx.db.transaction(async (tx) => publish(tx, ctx, key, input.version));
  },
});

export const rollBackText = operation({
  name: 'letter_text.roll_back',
  summary: {
    en: 'Goes back to the version that was published before; both stay in the history',
    de: 'Geht zu der Version zurück, die vorher veröffentlicht war; beide bleiben im Verlauf',
  },
  privilege: 'letters:write',
  input: z.object({ ...textFields, version: number.optional().describe('Without it the one that was published before') }).strict(),
  output: movedSchema,
  audit: (input, output) => audit(input, { version: output?.published ?? input.version }),
  run: (ctx, input) => {
    const key = textKey(input);
    return ctx.db.transaction(async (tx) => {
      await readVersion(tx, key);
      const version = input.version ?? (await versionBefore(tx, key));
      if (version === undefined) throw new AppError('letters.nothing_before', { text: nameOf(key) });
      return publish(tx, ctx, key, version);
    });
  },
});

export const withdrawTextOperation = operation({
  name: 'letter_text.withdraw',
  summary: {
    en: 'Takes a letter, frame or snippet out of use in a language; its versions stay',
    de: 'Zieht einen Brief, Rahmen oder Textbaustein in einer Sprache zurück; seine Versionen bleiben',
  },
  privilege: 'letters:write',
  input: z.object(textFields).strict(),
  output: movedSchema,
  audit: (input) => audit(input),
  run: (ctx, input) => {
    const key = textKey(input);
    return ctx.db.transaction(async (tx) => {
      const moved = await withdrawText(tx, key);
      await requireSendableWithout(tx, key, ctx.language);
      return { ...key, published: null, ...moved };
    });
  },
});

export const TEXT_OPERATIONS = [
  compareText,
  listTexts,
  listTextVersions,
  publishText,
  rollBackText,
  showText,
  withdrawTextOperation,
] as const;

async function publish(tx: Queryable, ctx: Context, key: TextKey, number: number | undefined) {
  const version = await readVersion(tx, key, number);
  // What a text was good for when it was saved may be gone by now: a field, a snippet.
  await requireSendable(tx, key, version, ctx.language);
  return { ...key, published: version.number, ...(await publishVersion(tx, key, version, ctx.actor.name)) };
}

interface HeadRow extends TextKey {
  readonly latest: number;
  readonly published: number | null;
  readonly modified_at: string;
  readonly modified_by: string;
}

async function readHeads(db: Queryable, kind: TextKey['kind']): Promise<HeadRow[]> {
  const { rows } = await db.query<HeadRow>(sql`
    select h.kind, h.code, h.language, v.number as latest, p.number as published, v.created_at as modified_at, v.created_by as modified_by
    from letter_heads h
    join letter_versions v on v.id = h.latest
    left join letter_versions p on p.id = h.published
    where h.kind = ${kind}::text
    order by h.code, h.language`);
  return rows;
}
