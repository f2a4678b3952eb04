/** A user made from, or replaced by, one record in Alma's notation: what programs write through an API. */
import type { PoolClient } from 'pg';
import sql from 'sql-template-tag';
import { z } from 'zod';
import { canGrant, checkPassword } from '../access/index.ts';
import { applyRoleRules, replaceUser } from '../changes/index.ts';
import { AppError, type Context, declareSetting, operation, readSetting, sayAny, todayIn } from '../core/index.ts';
import { lockAdministrators, lockWhole, readWhole, recordFor, userTag, type WholeUser } from '../users/index.ts';
import { cachedCodes, forgetCodes, withLabels } from './code-cache.ts';
import type { ReadRecord } from './from-alma.ts';
import { type Hashes, namesIn, newHash } from './secrets.ts';
import { toAlma } from './to-alma.ts';
import { checkRecord, type NewCode, wantedOf } from './wanted-record.ts';
import { AdministratorTouched, checkDifference, checkMine } from './write-rights.ts';

const LEARNS = declareSetting({
  name: 'users.records_bring_codes',
  label: {
    en: 'Records that programs send may bring new codes of open code tables, such as user groups; off: they are refused',
    de: 'Datensätze von Programmen dürfen neue Codes offener Codetabellen mitbringen, etwa Benutzergruppen; aus: sie werden abgelehnt',
  },
  schema: z.boolean(),
  default: true,
  privilege: 'settings:write',
});

const almaRecord = z.record(z.string(), z.unknown()).describe('The record in Alma’s JSON notation; see Alma’s public user schema');

const createInput = z.strictObject({ record: almaRecord });

export const createUser = operation({
  name: 'user.create',
  summary: { en: 'Creates a user from a record', de: 'Legt einen Benutzer aus einem Datensatz an' },
  privilege: 'users:write',
  input: createInput,
  output: almaRecord,
  audit: (i, output) => ({ entity: 'user', id: String(output?.['primary_id'] ?? i.record['primary_id'] ?? '').slice(0, 255) }),
  run: (ctx, i) => write(ctx, i.record, null, { override: [], recalculateRoles: true }),
});

const replaceInput = z.strictObject({
  user: z.string().min(1).describe('Primary id or an identifier'),
  id_type: z.string().min(1).optional().describe('Type of the identifier; any when left out'),
  record: almaRecord,
  override: z.array(z.string()).max(50).default([]).describe('Protected fields of external users that the record may overwrite'),
  recalculate_roles: z.boolean().default(false).describe('Apply the role assignment rules anew'),
  match: z.string().min(1).max(80).optional().describe('Tag of the user as the caller knows them: refuse when they have changed since'),
});

export const replaceUserRecord = operation({
  name: 'user.replace',
  summary: {
    en: 'Replaces a user’s whole record; what the new one leaves out is emptied, but roles stay',
    de: 'Ersetzt den ganzen Datensatz eines Benutzers; was der neue nicht nennt, wird geleert, doch Rollen bleiben',
  },
  privilege: 'users:write',
  input: replaceInput,
  output: almaRecord,
  audit: (i) => ({ entity: 'user', id: i.user }),
  run: (ctx, i) =>
    write(ctx, i.record, { key: i.user, type: i.id_type }, { override: i.override, recalculateRoles: i.recalculate_roles, match: i.match }),
});

interface WriteOptions {
  readonly override: readonly string[];
  readonly recalculateRoles: boolean;
  readonly match?: string | undefined;
}

async function write(
  ctx: Context,
  value: unknown,
  key: { readonly key: string; readonly type?: string | undefined } | null,
  options: WriteOptions,
): Promise<Record<string, unknown>> {
  const { pool } = ctx.db;
  const { book } = await cachedCodes(pool);
  const { record, newCodes } = checkRecord(value, book, true);
  if (newCodes.length > 0 && !(await readSetting(pool, LEARNS))) checkRecord(value, book, false);
  const attempt = (locked: boolean) =>
    ctx.db.transaction(async (tx) => {
      if (locked) await lockAdministrators(tx);
      const user = key === null ? null : await lockWhole(tx, key);
      if (user === undefined) throw new AppError('users.not_found', { id: key?.key.slice(0, 100) ?? '' });
      if (user !== null) checkMine(ctx.actor, user);
      if (user !== null && options.match !== undefined) await checkUnchanged(tx, user, options.match);
      const wanted = wantedOf(user, record, { actor: ctx.actor, override: new Set(options.override) });
      await learn(tx, newCodes);
      const secrets = await hashSecrets(tx, record, user);
      const name = String(wanted.fields.primary_id ?? user?.fields.primary_id ?? '');
      const { userId, runId, after } = await replaceUser(tx, user, wanted, {
        actor: ctx.actor.name,
        today: todayIn(ctx.timeZone),
        name: runName(ctx, user, name),
        plan: user === null ? { import: { user: name } } : { replace: { user: name } },
        // Whoever names a protected field speaks for the library; whoever does not writes like a feed.
        hold: new Set(options.override),
        check: (difference) => checkDifference(tx, ctx, user, difference, locked),
        ...secrets,
      }).catch((error: unknown) => {
        throw identifierInUse(error);
      });
      // Who is made without roles gets those of the rules; who is there, when the program asks for it.
      const byRules = user === null ? (record.lists.user_roles ?? []).length === 0 : options.recalculateRoles;
      if (byRules) {
        const today = todayIn(ctx.timeZone);
        await applyRoleRules(tx, {
          userId,
          runId,
          today,
          actor: ctx.actor.name,
          name: runName(ctx, user, name),
          mayGive: (type) => canGrant(ctx.actor, type),
        });
      }
      if (after !== null && !byRules) return after;
      const whole = await readWhole(tx, { id: userId });
      if (whole === undefined) throw new AppError('users.not_found', { id: name });
      return whole;
    });
  const after = await attempt(false).catch((error: unknown) => {
    if (error instanceof AdministratorTouched) return attempt(true);
    throw error;
  });
  if (newCodes.length > 0) forgetCodes(pool);
  return withLabels(pool, (labels) => toAlma(recordFor(ctx.actor, after), labels));
}

/** The user is locked already. @throws `users.changed` */
async function checkUnchanged(tx: PoolClient, { id, fields }: WholeUser, match: string): Promise<void> {
  const { rows } = await tx.query<{ version: number }>(sql`select u.version from users u where u.id = ${id}::bigint`);
  if (rows[0] === undefined || match !== userTag({ id, version: rows[0].version })) {
    throw new AppError('users.changed', { user: String(fields.primary_id) });
  }
}

function runName(ctx: Context, user: WholeUser | null, name: string): string {
  return sayAny(ctx.language, user === null ? 'feeds.one_created' : 'runs.one_user', { user: name });
}

async function learn(tx: PoolClient, codes: readonly NewCode[]): Promise<void> {
  if (codes.length === 0) return;
  await tx.query(sql`
    insert into codes (table_name, code, label_en, label_de, position)
    select distinct on (x.table, x.code) x.table, x.code, x.label, x.label, 1000
    from jsonb_to_recordset(${JSON.stringify(codes)}::jsonb) as x ("table" text, code text, label text)
    join code_tables t on t.name = x.table and not t.closed
    order by x.table, x.code on conflict (table_name, code) do nothing`);
}

/** Hashes of a new password and PIN; the one that is in force already is no change. */
async function hashSecrets(tx: PoolClient, record: ReadRecord, user: WholeUser | null): Promise<Hashes> {
  const { password, pin } = record;
  if (password === undefined && pin === undefined) return {};
  const { rows } = await tx.query<{ id: number; hash: string }>(sql`
    select c.id, c.hash from credentials c where c.id = any (${[user?.inner.credentialId ?? null, user?.inner.pinId ?? null]}::bigint[])`);
  const present = (id: number | null | undefined) => rows.find((row) => row.id === id)?.hash;
  const inForce = user?.fields.credential_state === 'password' ? present(user.inner.credentialId) : undefined;
  const held = [user?.fields.primary_id, user?.fields.first_name, user?.fields.last_name].map((name) =>
    typeof name === 'string' ? name : null,
  );
  const passwordHash = await newHash(password, inForce, (word) => checkPassword(word, [...namesIn(record), ...held]));
  const pinHash = await newHash(pin, present(user?.inner.pinId));
  return { ...(passwordHash === undefined ? {} : { passwordHash }), ...(pinHash === undefined ? {} : { pinHash }) };
}

/** The database itself keeps one value from leading to two users, whoever writes at the same time. */
export function identifierInUse(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== '23505') return error;
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : '';
  const value = /^value=(.*) user=\d+ holder=\d+$/s.exec(detail)?.[1] ?? /=\((.*)\) already exists/s.exec(detail)?.[1] ?? '';
  return new AppError('feeds.identifier_in_use', { value: value.slice(0, 100) }, { cause: error });
}
