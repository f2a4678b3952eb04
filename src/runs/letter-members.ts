/** Looking at letters with the users of a set or a run in mind: on whom to try them, and what they would lack. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { hasPrivilege } from '../access/index.ts';
import { AppError, type Context, count, operation, type Privilege, todayIn } from '../core/index.ts';
import {
  AWKWARD,
  checkLetters,
  findAwkward,
  languageTag,
  problemSchema,
  readTypes,
  requireType,
  sayProblems,
  typeCode,
} from '../letters/index.ts';
import { findSet, memberIdsSql } from '../sets/index.ts';

const whose = {
  set: z
    .union([z.string().trim().min(1), z.int().positive()])
    .optional()
    .describe('Name or number of a set'),
  run: z.int().positive().optional().describe('Number of a run'),
};
const oneOf = (input: { set?: unknown; run?: unknown }) => input.set === undefined || input.run === undefined;
const ONE_OF = { path: ['run'], message: 'give a set or a run, not both' };

export const findAwkwardUsers = operation({
  name: 'letter.awkward_users',
  summary: {
    en: 'Finds users of a set, a run or the library on whom letters are best tried: long names, none, other scripts, no e-mail, every language',
    de: 'Findet Benutzer eines Sets, eines Laufs oder der Bibliothek, an denen man Briefe am besten ausprobiert: lange Namen, keine, andere Schriften, ohne E-Mail, jede Sprache',
  },
  privilege: 'letters:read',
  input: z.object(whose).strict().refine(oneOf, ONE_OF),
  output: z.object({
    users: z.array(
      z.object({
        user: z.string().describe('Primary id'),
        name: z.string(),
        reasons: z.array(
          z.object({ why: z.enum(AWKWARD), detail: z.string().nullable().describe('The language, or the length of the name') }),
        ),
      }),
    ),
  }),
  audit: (input) => ({ entity: 'letter', id: null, detail: { set: input.set ?? null, run: input.run ?? null } }),
  run: async (ctx, input) => {
    const users = await findAwkward(ctx.db.pool, await membersOf(ctx, input));
    return { users: users.map((user) => ({ ...user, reasons: [...user.reasons] })) };
  },
});

export const checkLetterOperation = operation({
  name: 'letter.check',
  summary: {
    en: 'Says what is wrong with letters or missing: languages, fields that are empty for users, links that lead nowhere',
    de: 'Sagt, was an Briefen falsch ist oder fehlt: Sprachen, Felder, die bei Benutzern leer sind, Links, die nirgendwohin führen',
  },
  privilege: 'letters:read',
  input: z
    .object({
      type: typeCode.optional().describe('Notification type; without it every active one'),
      language: languageTag.optional(),
      ...whose,
      links: z.boolean().default(false).describe('Ask the network whether the links lead somewhere'),
    })
    .strict()
    .refine(oneOf, ONE_OF),
  output: z.object({
    members: count.describe('Users that the letters were checked for'),
    good: z.boolean().describe('No errors, no language missing, no dead link'),
    letters: z.array(
      z.object({
        type: z.string(),
        language: z.string(),
        version: z.int().positive(),
        published: z.boolean().describe('False: a draft'),
        problems: z.array(problemSchema),
      }),
    ),
    missing: z.array(
      z.object({
        type: z.string(),
        language: z.string(),
        users: count.describe('Users who would like to be written to in it'),
        gets: z.string().nullable().describe('Language of the letter that they get instead'),
      }),
    ),
    empty: z.array(
      z.object({
        type: z.string(),
        field: z.string(),
        users: count.describe('Users for whom it is empty'),
        languages: z.array(z.string()).describe('Languages of the letters that show it'),
      }),
    ),
    links: z
      .array(z.object({ address: z.string(), ok: z.boolean(), detail: z.string(), letters: z.array(z.string()) }))
      .nullable()
      .describe('Null: not asked for'),
  }),
  audit: (input) => ({ entity: 'letter', id: input.type ?? null, detail: { set: input.set ?? null, run: input.run ?? null } }),
  run: async (ctx, input) => {
    if (input.type !== undefined) await requireType(ctx, input.type);
    const all = await readTypes(ctx);
    const types = input.type === undefined ? all.flatMap((one) => (one.active ? [one.type] : [])) : [input.type];
    const members = await membersOf(ctx, input);
    const check = await checkLetters(ctx, types, { language: input.language, members, links: input.links });
    return {
      members: check.members,
      good:
        check.missing.length === 0 &&
        check.letters.every((letter) => letter.problems.every((problem) => problem.severity !== 'error')) &&
        (check.links ?? []).every((link) => link.ok),
      letters: check.letters.map((letter) => ({ ...letter, problems: sayProblems(letter.problems, ctx.language) })),
      missing: [...check.missing],
      empty: check.empty.map((one) => ({ ...one, languages: [...one.languages] })),
      links: check.links?.map((link) => ({ ...link, letters: [...link.letters] })) ?? null,
    };
  },
});

export const LETTER_MEMBER_OPERATIONS = [checkLetterOperation, findAwkwardUsers] as const;

/** A query of `user_id`; null: everybody. Sets and runs may be named by those who may see them. */
async function membersOf(ctx: Context, of: { set?: string | number | undefined; run?: number | undefined }): Promise<Sql | null> {
  if (of.set !== undefined) {
    need(ctx, 'sets:read');
    return memberIdsSql(await findSet(ctx.db.pool, of.set, ctx.actor), todayIn(ctx.timeZone));
  }
  if (of.run === undefined) return null;
  need(ctx, 'jobs:read');
  const { rowCount } = await ctx.db.pool.query(sql`select from runs r where r.id = ${of.run}::bigint`);
  if (rowCount === 0) throw new AppError('runs.not_found', { id: of.run });
  return sql`select m.user_id from run_members m where m.run_id = ${of.run}::bigint`;
}

function need(ctx: Context, privilege: Privilege): void {
  if (!hasPrivilege(ctx.actor, privilege)) throw new AppError('access.denied', { privilege, actor: ctx.actor.name });
}
