/** The kind of change for a child table: add, remove, edit, activate, deactivate by match. */
import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import type { ChildTable } from '../users/index.ts';
import {
  addIdentity,
  addInput,
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
} from './child-rows.ts';
import {
  type AddRow,
  type Case,
  type ChangeEffects,
  type ChangeKind,
  changeKind,
  type CompileScope,
  type Effect,
  type Words,
} from './kind.ts';
import { contentWords, type NameOf, withinSentence } from './sentence.ts';

export interface ChildInput {
  add?: Content | undefined;
  remove?: Content | undefined;
  edit?: { match: Content; set: Content } | undefined;
  activate?: Content | undefined;
  deactivate?: Content | undefined;
}

export interface ChildKindOptions {
  /** Name of the table and of the kind, as in `record.ts`. */
  readonly name: string;
  readonly help: Words;
  readonly verbs: readonly ('add' | 'remove' | 'edit' | 'activate' | 'deactivate')[];
  /** Fields an addition may leave out although the record needs them, with what they then are. */
  readonly defaults?: Content;
  /** The field whose rows "if empty" looks for. */
  readonly key: string | null;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  /** Narrows matches and says what an addition may not do. */
  readonly rules?: (
    input: ChildInput,
    scope: CompileScope,
  ) => {
    readonly matchAlso?: (row: string) => Sql;
    readonly invalid?: readonly Case[];
    readonly warn?: readonly Case[];
    readonly addIdentity?: readonly string[];
  };
}

export function childKind(options: ChildKindOptions): ChangeKind<ChildInput> {
  const table = describedTable(options.name);
  const shape: Record<string, z.ZodType> = {};
  for (const verb of options.verbs) {
    shape[verb] =
      verb === 'add'
        ? addInput(table, Object.keys(options.defaults ?? {})).optional()
        : verb === 'edit'
          ? z.strictObject({ match: matchInput(table), set: editInput(table) }).optional()
          : matchInput(table).optional();
  }
  const input = (z.strictObject(shape) as z.ZodType<ChildInput>).superRefine((value, ctx) => {
    const given = options.verbs.filter((v) => value[v] !== undefined);
    if (given.length !== 1)
      ctx.addIssue({ code: 'custom', message: `needs exactly one of ${options.verbs.join(', ')}; given: ${given.join(', ') || 'none'}` });
  });
  return changeKind<ChildInput>({
    kind: options.name,
    label: table.label,
    help: options.help,
    privilege: 'jobs:run',
    input,
    examples: options.examples,
    codes: (value) => [...codesOf(table, { ...value.add }), ...codesOf(table, { ...value.edit?.set })],
    cells: (value) => [...cellsOf(table, { ...value.add }), ...cellsOf(table, { ...value.edit?.set })],
    describe: (value, language, name) => sentence(table, value, language, name),
    compile: (value, scope) => compile(table, options, value, scope),
  });
}

function compile(table: ChildTable, options: ChildKindOptions, value: ChildInput, scope: CompileScope): ChangeEffects {
  const rules = options.rules?.(value, scope) ?? {};
  const also = (row: string) => (rules.matchAlso === undefined ? sql`` : sql` and ${rules.matchAlso(row)}`);
  const match = (content: Content) => (row: string) => sql`(${matchSql(table, content, scope.today, row)}${also(row)})`;
  const edit = (content: Content, set: Content): Effect => ({
    effect: 'edit',
    table: table.table,
    match: match(content),
    set: (_row, v) => setSql(table, set, scope.today, v),
  });
  const common = { ...(rules.invalid ? { invalid: rules.invalid } : {}), ...(rules.warn ? { warn: rules.warn } : {}) };
  if (value.add !== undefined) {
    const content = { ...options.defaults, ...value.add };
    const add: AddRow = {
      effect: 'add',
      table: table.table,
      row: (v) => rowSql(table, content, scope, v),
      identity: rules.addIdentity ?? addIdentity(table, content),
    };
    return { ...common, effects: [add], skip: cellSkips(table, content), isEmpty: noRows(table, options.key, content) };
  }
  if (value.remove !== undefined) {
    return { ...common, effects: [{ effect: 'remove', table: table.table, match: match(value.remove) }], isEmpty: noRows(table, null, {}) };
  }
  if (value.edit !== undefined) {
    return {
      ...common,
      effects: [edit(value.edit.match, value.edit.set)],
      skip: cellSkips(table, value.edit.set),
      isEmpty: noRows(table, null, {}),
    };
  }
  const status = value.activate === undefined ? 'INACTIVE' : 'ACTIVE';
  return { ...common, effects: [edit(value.activate ?? value.deactivate ?? {}, { status })], isEmpty: noRows(table, null, {}) };
}

function sentence(table: ChildTable, value: ChildInput, language: keyof Words, name: NameOf): string {
  const de = language === 'de';
  const label = withinSentence(table.label[language], language);
  const say = (content: Content): string => contentWords(table, content, language, name);
  if (value.add) return de ? `${label} hinzufügen: ${say(value.add)}` : `Add ${label}: ${say(value.add)}`;
  if (value.remove) return de ? `${label} entfernen, wo ${say(value.remove)}` : `Remove ${label} where ${say(value.remove)}`;
  if (value.edit) {
    const { match, set } = value.edit;
    return de ? `${label} ändern, wo ${say(match)}: ${say(set)}` : `Edit ${label} where ${say(match)}: ${say(set)}`;
  }
  if (value.activate) return de ? `${label} aktivieren, wo ${say(value.activate)}` : `Activate ${label} where ${say(value.activate)}`;
  const match = say(value.deactivate ?? {});
  return de ? `${label} deaktivieren, wo ${match}` : `Deactivate ${label} where ${match}`;
}
