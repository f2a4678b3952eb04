/** Changes of one field of the record: set, clear, take from a column; dates also move. */
import sql, { raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { SCALARS, type ScalarField, SQL_TYPES } from '../../users/index.ts';
import { addSpan, cellCases, cellText, dateOrRelative, dateSql, endOfMonth, type Span, span, storable } from '../input.ts';
import { type Case, type ChangeEffects, type ChangeKind, changeKind, type ScalarEffect, type ValueOf, type Words } from '../kind.ts';
import { dayWords, type NameOf, spanPart, valueWords, withinSentence } from '../sentence.ts';

const DATE_FIELDS = SCALARS.filter((f) => f.type === 'date').map((f) => f.name);

interface ScalarInput {
  set?: string | boolean | undefined;
  clear?: true | undefined;
  column?: string | undefined;
  mode?: 'replace' | 'fill_if_empty' | 'keep' | undefined;
  shift?: Span | undefined;
  from?: 'value' | 'today' | undefined;
  relative_to?: string | undefined;
  end_of_month?: true | undefined;
  not_earlier?: string | undefined;
  not_later?: string | undefined;
}

function inputFor(field: ScalarField): z.ZodType<ScalarInput> {
  const value: z.ZodType<string | boolean> =
    field.type === 'boolean'
      ? z.boolean()
      : field.type === 'date'
        ? dateOrRelative
        : storable(field.type === 'code' ? 255 : (field.maxLength ?? 255));
  const common = {
    set: value.optional(),
    column: z.string().min(1).max(255).optional(),
    mode: z.enum(['replace', 'fill_if_empty', 'keep']).optional(),
    ...(field.required ? {} : { clear: z.literal(true).optional() }),
  };
  const dates = {
    shift: span.optional(),
    from: z.enum(['value', 'today']).optional(),
    relative_to: z.enum(DATE_FIELDS as [string, ...string[]]).optional(),
    end_of_month: z.literal(true).optional(),
    not_earlier: dateOrRelative.optional(),
    not_later: dateOrRelative.optional(),
  };
  const shape = field.type === 'date' ? { ...common, ...dates } : common;
  const verbs =
    field.type === 'date'
      ? ['set', 'clear', 'column', 'shift', 'relative_to', 'not_earlier', 'not_later', 'end_of_month']
      : ['set', 'clear', 'column'];
  return (z.strictObject(shape) as z.ZodType<ScalarInput>).superRefine((input, ctx) => {
    const given = verbs.filter((v) => input[v as keyof ScalarInput] !== undefined);
    const main = given.filter((v) => !(v === 'end_of_month' && given.length > 1) && !(v === 'shift' && input.relative_to !== undefined));
    if (main.length !== 1) {
      ctx.addIssue({ code: 'custom', message: `needs exactly one of ${verbs.join(', ')}; given: ${given.join(', ') || 'none'}` });
    }
    if (input.end_of_month && given.some((v) => v === 'clear' || v === 'column' || v.startsWith('not_'))) {
      ctx.addIssue({ code: 'custom', message: 'end_of_month goes with set, shift, relative_to, or stands alone' });
    }
    if (input.from !== undefined && (input.shift === undefined || input.relative_to !== undefined)) {
      ctx.addIssue({ code: 'custom', message: 'from goes with shift alone' });
    }
    if (input.mode !== undefined && input.column === undefined) ctx.addIssue({ code: 'custom', message: 'mode goes with column' });
  });
}

function nextValue(field: ScalarField, input: ScalarInput, today: string): (value: ValueOf) => Sql {
  const type = raw(SQL_TYPES[field.type]);
  if (input.clear) return () => sql`null`;
  if (input.column !== undefined) {
    const column = input.column;
    if (input.mode === 'keep') return (value) => value(field.name);
    const cell = (value: ValueOf) => sql`${cellText(value, column)}::${type}`;
    return input.mode === 'fill_if_empty' ? (value) => sql`coalesce(${value(field.name)}, ${cell(value)})` : cell;
  }
  if (field.type !== 'date') return () => sql`${input.set}::${type}`;
  const month = (date: Sql) => (input.end_of_month ? endOfMonth(date) : date);
  if (typeof input.set === 'string') return () => month(dateSql(String(input.set), today));
  if (input.relative_to !== undefined) {
    const base = input.relative_to;
    return (value) => month(addSpan(value(base), input.shift ?? {}));
  }
  if (input.shift !== undefined) {
    const { shift } = input;
    return (value) => month(addSpan(input.from === 'today' ? sql`${today}::date` : value(field.name), shift));
  }
  if (input.not_earlier !== undefined) {
    const limit = dateSql(input.not_earlier, today);
    return (value) => sql`case when ${value(field.name)} < ${limit} then ${limit} else ${value(field.name)} end`;
  }
  if (input.not_later !== undefined) {
    const limit = dateSql(input.not_later, today);
    return (value) => sql`case when ${value(field.name)} > ${limit} then ${limit} else ${value(field.name)} end`;
  }
  return (value) => month(value(field.name));
}

function skipCases(field: ScalarField, input: ScalarInput): readonly Case[] {
  if (input.column !== undefined && input.mode !== 'keep') return cellCases(input.column);
  const base =
    input.relative_to ??
    (input.shift !== undefined && input.from !== 'today' ? field.name : null) ??
    ((input.not_earlier ??
    input.not_later ??
    (input.end_of_month && input.set === undefined && input.shift === undefined ? true : undefined))
      ? field.name
      : null);
  return base === null ? [] : [{ reason: 'changes.no_date', when: (value) => sql`${value(base)} is null` }];
}

function warnCases(field: ScalarField, next: (value: ValueOf) => Sql): readonly Case[] {
  if (field.name === 'purge_date') {
    return [{ reason: 'changes.purge_before_expiry', when: (value) => sql`(${next(value)})::date < ${value('expiry_date')}` }];
  }
  if (field.name === 'expiry_date') {
    return [{ reason: 'changes.purge_before_expiry', when: (value) => sql`(${next(value)})::date > ${value('purge_date')}` }];
  }
  return field.protected ? [{ reason: 'changes.protected_field', when: (value) => sql`${value('account_type')} = 'EXTERNAL'` }] : [];
}

/** A moved date may leave the calendar that dates are written in (four digits for the year). */
function outOfRange(date: Sql): Sql {
  return sql`(${date}) not between '0001-01-01'::date and '9999-12-31'::date`;
}

/** `status` also sets the day since when it holds. */
function effectsOf(field: ScalarField, next: (value: ValueOf) => Sql, today: string): readonly ScalarEffect[] {
  const own: ScalarEffect = { effect: 'set', column: field.name, next };
  if (field.name !== 'status') return [own];
  return [
    own,
    {
      effect: 'set',
      column: 'status_date',
      next: (value) =>
        sql`case when (${next(value)}) is distinct from ${value('status')} then ${today}::date else ${value('status_date')} end`,
    },
  ];
}

function sentence(field: ScalarField, input: ScalarInput, language: keyof Words, nameOf: NameOf): string {
  const name = withinSentence(field.label[language], language);
  const de = language === 'de';
  if (input.clear) return de ? `${name} leeren` : `Clear ${name}`;
  if (input.column !== undefined) return de ? `${name} aus der Spalte „${input.column}“` : `Set ${name} from column “${input.column}”`;
  const end = input.end_of_month ? (de ? ', auf das Monatsende' : ', to the end of the month') : '';
  if (input.set !== undefined) {
    const value = valueWords(field, input.set, language, nameOf);
    return de ? `${name} auf ${value} setzen${end}` : `Set ${name} to ${value}${end}`;
  }
  const by = (s: Span) =>
    Object.entries(s)
      .filter(([, v]) => v !== undefined)
      .map(([unit, v]) => spanPart(unit, v ?? 0, language))
      .join(' ');
  if (input.relative_to !== undefined)
    return de
      ? `${name} auf ${fieldLabel(input.relative_to, language)} + ${by(input.shift ?? {})} setzen${end}`
      : `Set ${name} to ${fieldLabel(input.relative_to, language)} + ${by(input.shift ?? {})}${end}`;
  if (input.shift !== undefined) {
    const from = input.from === 'today' ? (de ? ' ab heute' : ' from today') : '';
    return de ? `${name} um ${by(input.shift)}${from} verschieben${end}` : `Move ${name} by ${by(input.shift)}${from}${end}`;
  }
  if (input.not_earlier !== undefined) {
    const day = dayWords(input.not_earlier, language);
    return de ? `${name} nicht vor ${day}` : `${field.label.en} not earlier than ${day}`;
  }
  if (input.not_later !== undefined) {
    const day = dayWords(input.not_later, language);
    return de ? `${name} nicht nach ${day}` : `${field.label.en} not later than ${day}`;
  }
  return de ? `${name} auf das Monatsende` : `Move ${name} to the end of its month`;
}

function fieldLabel(name: string, language: keyof Words): string {
  return withinSentence(SCALARS.find((f) => f.name === name)?.label[language] ?? name, language);
}

/** The kind of change for one field of the record. */
export function scalarChange(field: ScalarField): ChangeKind<ScalarInput> {
  return changeKind<ScalarInput>({
    kind: field.name,
    label: field.label,
    help: {
      en: `Sets ${field.label.en}${field.required ? '' : ', or empties it'}${field.type === 'date' ? '; dates can also be moved' : ''}.`,
      de: `Setzt „${field.label.de}“${field.required ? '' : ' oder leert es'}${field.type === 'date' ? '; Daten lassen sich auch verschieben' : ''}.`,
    },
    privilege: 'jobs:run',
    input: inputFor(field),
    examples: examplesFor(field),
    codes: (input) => (field.codeTable !== undefined && typeof input.set === 'string' ? [[field.codeTable, input.set]] : []),
    cells: (input) =>
      input.column === undefined
        ? []
        : [
            {
              column: input.column,
              type: field.type === 'date' ? 'date' : field.type === 'boolean' ? 'boolean' : field.type === 'code' ? 'code' : 'text',
              ...(field.codeTable === undefined ? {} : { codeTable: field.codeTable }),
              ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
            },
          ],
    describe: (input, language, name) => sentence(field, input, language, name),
    compile: (input, scope): ChangeEffects => {
      const next = nextValue(field, input, scope.today);
      return {
        effects: effectsOf(field, next, scope.today),
        skip: skipCases(field, input),
        ...(input.shift === undefined
          ? {}
          : { invalid: [{ reason: 'changes.date_out_of_range', when: (value) => outOfRange(next(value)) }] }),
        warn: input.clear ? [] : warnCases(field, next),
        isEmpty: field.type === 'boolean' ? sql`not coalesce(${raw(`u.${field.name}`)}, false)` : sql`${raw(`u.${field.name}`)} is null`,
      };
    },
  });
}

function examplesFor(field: ScalarField): readonly Readonly<Record<string, unknown>>[] {
  const change = field.name;
  const clear = field.required ? [] : [{ change, clear: true }];
  if (field.type === 'boolean') return [{ change, set: true }, ...clear];
  if (field.type !== 'date') return [{ change, set: EXAMPLE_VALUES[field.name] ?? 'text' }, ...clear];
  return [
    { change, set: '2027-09-30' },
    { change, set: 'today + 6 months' },
    { change, shift: { months: 6 }, end_of_month: true },
    { change, not_earlier: '2027-03-31' },
    { change, not_later: 'today + 2 years' },
    ...(field.name === 'purge_date' ? [{ change, relative_to: 'expiry_date', shift: { years: 1 } }] : []),
    ...clear,
  ];
}

const EXAMPLE_VALUES: Readonly<Record<string, string>> = {
  user_group: 'ALUMNI',
  user_title: 'DR',
  campus_code: 'MED',
  job_category: 'Circulation',
  cataloger_level: '10',
  first_name: 'Kim',
  middle_name: 'Ada',
  last_name: 'Berg',
  pref_first_name: 'Kim',
  pref_middle_name: 'Ada',
  pref_last_name: 'Berg',
  pref_name_suffix: 'MA',
  web_site_url: 'https://www.example.org/',
  status: 'INACTIVE',
  record_type: 'PUBLIC',
  preferred_language: 'de',
  preferred_channel: 'print',
  job_description: 'Class of 2026',
  gender: 'FEMALE',
};

/** Fields with a kind of their own, or that no bulk change may set. */
const OWN_KIND = new Set(['account_type', 'external_id']);

export const scalarKinds: readonly ChangeKind<ScalarInput>[] = (SCALARS as readonly ScalarField[])
  .filter((f) => f.writable && !OWN_KIND.has(f.name))
  .map(scalarChange);
