/**
 * Identifiers: added with a pattern or out of a column, removed by type. A value that leads to
 * somebody else makes that user fail; types marked as not unique are exempt.
 */
import sql, { join, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import {
  cellSkips,
  cellsOf,
  codesOf,
  type Content,
  describedTable,
  editInput,
  matchInput,
  matchSql,
  noRows,
  rowSql,
  setSql,
} from '../child-rows.ts';
import { storable } from '../input.ts';
import { type AddRow, type ChangeEffects, changeKind, type ValueOf } from '../kind.ts';
import { contentWords } from '../sentence.ts';

const table = describedTable('identifier');
const PLACEHOLDERS = ['primary_id', 'id'] as const;

const add = z
  .strictObject({
    type: storable(255),
    /** Text with {primary_id} or {id} (Muster's number of the user). */
    pattern: storable(255)
      .refine((p) => /\{(primary_id|id)\}/.test(p), {
        message: 'must contain {primary_id} or {id}: one value cannot be the identifier of many users',
      })
      .optional(),
    value: z.strictObject({ column: z.string().min(1).max(255) }).optional(),
    note: storable(2000).optional(),
    status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
    segment: z.enum(['Internal', 'External', 'by_account_type']).optional(),
  })
  .refine((v) => (v.pattern === undefined) !== (v.value === undefined), { message: 'needs either pattern or value: { "column": … }' });

const input = z
  .strictObject({
    add: add.optional(),
    remove: matchInput(table).optional(),
    edit: z.strictObject({ match: matchInput(table), set: editInput(table) }).optional(),
    activate: matchInput(table).optional(),
    deactivate: matchInput(table).optional(),
  })
  .refine((v) => Object.values(v).filter((x) => x !== undefined).length === 1, {
    message: 'needs exactly one of add, remove, edit, activate, deactivate',
  })
  .refine((v) => v.edit?.set['value'] === undefined, {
    message: "an identifier's value is not edited in bulk: remove it and add the new one",
  });

type Input = z.output<typeof input>;

function patternSql(pattern: string, value: ValueOf, id: Sql): Sql {
  const parts = pattern
    .split(/(\{(?:primary_id|id)\})/)
    .filter((p) => p !== '')
    .map((part) => {
      const name = PLACEHOLDERS.find((p) => part === `{${p}}`);
      return name === undefined ? sql`${part}::text` : name === 'id' ? sql`${id}::text` : value('primary_id');
    });
  return sql`(${join(parts, ' || ')})`;
}

export const identifier = changeKind<Input>({
  kind: 'identifier',
  label: table.label,
  help: {
    en: 'Adds identifiers made from a pattern or taken from a column; edits, activates, deactivates or removes those that match.',
    de: 'Fügt Kennungen nach einem Muster oder aus einer Spalte hinzu; ändert, aktiviert, deaktiviert oder entfernt passende.',
  },
  privilege: 'jobs:run',
  input,
  examples: [
    { change: 'identifier', add: { type: 'OTHER_ID_1', pattern: 'LIB-{primary_id}' } },
    { change: 'identifier', remove: { type: 'UNIV_ID' } },
  ],
  codes: (value) => codesOf(table, { ...(value.add === undefined ? {} : { type: value.add.type }), ...value.edit?.set }),
  cells: (value) => [
    ...cellsOf(table, { ...value.add }).map((use) => ({ ...use, unique: true })),
    ...cellsOf(table, { ...value.edit?.set }),
  ],
  describe: (value, language, name) => {
    const say = (content: Content): string => contentWords(table, content, language, name);
    const [verb, content] = Object.entries(value).find(([, v]) => v !== undefined) ?? ['', {}];
    const german: Readonly<Record<string, string>> = {
      add: 'hinzufügen',
      remove: 'entfernen',
      edit: 'ändern',
      activate: 'aktivieren',
      deactivate: 'deaktivieren',
    };
    const what = say(content as Content);
    return language === 'de' ? `Kennung ${german[verb] ?? verb}: ${what}` : `Identifier ${verb}: ${what}`;
  },
  compile: (value, scope): ChangeEffects => {
    if (value.add !== undefined) return compileAdd(value.add, scope);
    const match = (content: Content) => (row: string) => sql`(${matchSql(table, content, scope.today, row)})`;
    const isEmpty = noRows(table, null, {});
    if (value.remove !== undefined) return { effects: [{ effect: 'remove', table: table.table, match: match(value.remove) }], isEmpty };
    const set = value.edit?.set ?? { status: value.activate === undefined ? 'INACTIVE' : 'ACTIVE' };
    const content = value.edit?.match ?? value.activate ?? value.deactivate ?? {};
    return {
      effects: [{ effect: 'edit', table: table.table, match: match(content), set: (_row, v) => setSql(table, set, scope.today, v) }],
      skip: cellSkips(table, set),
      isEmpty,
    };
  },
});

function compileAdd(content: z.output<typeof add>, scope: Parameters<typeof identifier.compile>[1]): ChangeEffects {
  const { pattern, ...given } = content;
  const unique = scope.codeProperties('UserIdentifierTypes', content.type)['unique'] !== false;
  const row = (value: ValueOf) => ({
    ...rowSql(table, { status: 'ACTIVE', ...given }, scope, value),
    ...(pattern === undefined ? {} : { value: patternSql(pattern, value, value('id')) }),
  });
  const effect: AddRow = { effect: 'add', table: table.table, row, identity: ['type', 'value'] };
  const newValue = (value: ValueOf) => row(value)['value'] ?? sql`null`;
  return {
    effects: [effect],
    skip: cellSkips(table, { ...given }),
    invalid: unique
      ? [
          {
            reason: 'changes.identifier_taken',
            when: (value) => sql`exists (select from user_keys h where h.key = fold(${newValue(value)}) and h.user_id <> ${value('id')})`,
          },
        ]
      : [],
    isEmpty: noRows(table, 'type', { type: content.type }),
  };
}
