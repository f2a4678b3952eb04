/**
 * A user's record for people to read and edit: in Muster's own names, which changes and filters have as
 * well, with what codes mean in the language of who asks. `users.show` gives the same in Alma's notation.
 */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { AppError, instant, operation } from '../core/index.ts';
import { codeLabels } from './codes.ts';
import { closedTo, GROUP_FIELDS, recordFor } from './field-groups.ts';
import { findUser, userTag } from './find.ts';
import { heldFieldSchema, heldFields } from './held-fields.ts';
import { mergedRecords, mergedRecordSchema } from './merged.ts';
import { readWhole } from './read-whole.ts';
import { CHILD_TABLES, type ChildTable, type Field, SCALARS, type ScalarField } from './record.ts';

const values = z.record(z.string(), z.unknown());
const labels = z.record(z.string(), z.string()).describe('What codes mean, by field');

const recordSchema = z.object({
  primary_id: z.string(),
  tag: z.string().describe('Which state this is: `match` of what changes the user'),
  fields: values,
  labels,
  rows: z
    .record(z.string(), z.array(z.object({ id: z.int(), segment: z.string().nullable(), values, labels })))
    .describe('By kind of row, e.g. `email`'),
  held: z.array(heldFieldSchema).describe('Fields that are held against the feed'),
  protected: z.array(z.string()).describe('Fields that would be kept against the feed once they are changed here'),
  closed: z.array(z.string()).describe('Fields and kinds of rows that are closed to who asks'),
  suppressed: z
    .array(z.object({ id: z.int(), reason: z.enum(['bounce', 'complaint', 'manual']), since: instant }))
    .describe('E-mails, by the number of their row, to which nothing is sent'),
  merged: z.array(mergedRecordSchema).describe('Records that were merged into this one and can be parted from it again'),
  proxies: z.array(z.object({ primary_id: z.string(), full_name: z.string() })).describe('For whom the user may act'),
});
export type ShownRecord = z.output<typeof recordSchema>;

export const showUserRecord = operation({
  name: 'users.record',
  summary: {
    en: 'Shows a user’s record as people read it, with what codes mean',
    de: 'Zeigt den Datensatz eines Benutzers, wie Menschen ihn lesen, mit der Bedeutung der Codes',
  },
  privilege: 'users:read',
  input: z.strictObject({ user: z.string().min(1).describe('Primary id or any identifier') }),
  output: recordSchema,
  audit: (input, output) => ({ entity: 'user', id: output?.primary_id ?? input.user }),
  run: async (ctx, input): Promise<ShownRecord> => {
    const { pool } = ctx.db;
    const { id } = await findUser(pool, input.user);
    // Before the record: should somebody write in between, the tag is the older one, and is refused rather than wrongly believed.
    const { rows: versions } = await pool.query<{ version: number }>(sql`select u.version from users u where u.id = ${id}::bigint`);
    const whole = await readWhole(pool, { id });
    const version = versions[0]?.version;
    if (whole === undefined || version === undefined) throw new AppError('users.not_found', { id: input.user.slice(0, 100) });
    const record = recordFor(ctx.actor, whole);
    const words = await codeLabels(pool, CODE_TABLES, ctx.language);
    const labelsOf = (fields: readonly Field[], given: Readonly<Record<string, unknown>>): Record<string, string> =>
      Object.fromEntries(
        fields.flatMap(({ name, codeTable }) => {
          const value = given[name];
          if (codeTable === undefined || value === null || value === undefined) return [];
          return [
            [
              name,
              [value]
                .flat()
                .map((code) => words.label(codeTable, String(code)) ?? String(code))
                .join(', '),
            ],
          ];
        }),
      );
    const closed = closedTo(ctx.actor).flatMap((group) => GROUP_FIELDS[group]);
    const closedTables = closed.flatMap(({ tables }): readonly string[] => tables);
    const tables = (CHILD_TABLES as readonly ChildTable[]).filter(({ table }) => !closedTables.includes(table));
    const closedFields = closed.flatMap(({ scalars }): readonly string[] => scalars);
    return {
      primary_id: String(record.fields.primary_id),
      tag: userTag({ id, version }),
      fields: Object.fromEntries(
        SCALARS.filter(({ name }) => !closedFields.includes(name)).map(({ name }) => [name, record.fields[name] ?? null]),
      ),
      labels: labelsOf(SCALARS, record.fields),
      rows: Object.fromEntries(
        tables.map((table) => [
          table.name,
          record.rows[table.table].map(({ id: row, segment, ...rest }) => ({
            id: Number(row),
            segment: typeof segment === 'string' ? segment : null,
            values: { ...rest },
            labels: labelsOf(table.fields, rest),
          })),
        ]),
      ),
      merged: await mergedRecords(pool, id),
      held: await heldFields(pool, whole, ctx.actor, ctx.language),
      protected:
        whole.fields.account_type === 'EXTERNAL'
          ? (SCALARS as readonly ScalarField[]).filter((f) => f.protected === true).map((f) => f.name)
          : [],
      closed: [
        ...closedFields,
        ...(CHILD_TABLES as readonly ChildTable[]).filter(({ table }) => closedTables.includes(table)).map(({ name }) => name),
      ],
      suppressed: whole.suppressed.map((each) => ({ ...each })),
      proxies: record.proxyFor.map((each) => ({ ...each })),
    };
  },
});

const CODE_TABLES: readonly string[] = [
  ...new Set(
    [...SCALARS, ...CHILD_TABLES.flatMap((table): readonly Field[] => table.fields)].flatMap((field: Field) => field.codeTable ?? []),
  ),
];
