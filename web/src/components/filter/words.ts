/** Filters read aloud, with the server's words for fields, operators and codes. */
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { apiQuery, type FilterCatalogue, useFilterCatalogue } from '../../api/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { type Node, needsValue, type Shift, type Value } from './tree.ts';

export type FilterField = FilterCatalogue['fields'][number];

export interface Words {
  readonly text: string;
  readonly value?: string;
}

export interface FilterWords {
  readonly catalogue: FilterCatalogue | undefined;
  label(label: { readonly en: string; readonly de: string }): string;
  field(child: string | null, name: string): FilterField | undefined;
  child(name: string): string;
  /** What it is called, between a field of that type and a value. */
  operator(op: string, type?: string): string;
  say(node: Node): Words;
}

const HOUR_MS = 3_600_000;

/** Days are before and after, not less and greater. */
export function operatorLabel(
  catalogue: FilterCatalogue | null | undefined,
  op: string,
  type: string | undefined,
): FilterCatalogue['operators']['='] | undefined {
  const name = op as keyof FilterCatalogue['operators'];
  const ofDays = type === 'date' || type === 'instant' ? catalogue?.day_operators[name] : undefined;
  return ofDays ?? catalogue?.operators[name];
}

export function useFilterWords(filter: Node | null): FilterWords {
  const { t, i18n } = useTranslation('filter');
  const format = useFormat();
  const { data: catalogue } = useFilterCatalogue();
  const german = i18n.language === 'de';
  const label = (given: { readonly en: string; readonly de: string }): string => (german ? given.de : given.en);
  const field = (child: string | null, name: string): FilterField | undefined =>
    (child === null ? catalogue?.fields : catalogue?.children.find((each) => each.name === child)?.fields)?.find(
      (each) => each.name === name,
    );
  const tables = [...new Set(catalogue === undefined || filter === null ? [] : tablesIn(filter, null, field))];
  const codes = useCodeWords(tables);

  const values = (child: string | null, name: string, value: Value | readonly Value[]): string =>
    (Array.isArray(value) ? value : [value]).map((each: Value) => one(field(child, name), each)).join(', ');
  const one = (about: FilterField | undefined, value: Value): string => {
    if (typeof value === 'object') return relative(value);
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (typeof value === 'number') return format.number(value);
    if ((about?.type === 'date' || about?.type === 'instant') && /^\d{4}-\d\d-\d\d$/.test(value)) return format.date(value);
    const fixed = about?.values?.find((each) => each.value === value);
    if (fixed !== undefined) return label(fixed.label);
    return about?.code_table === undefined ? `“${value}”` : (codes(about.code_table, value) ?? value);
  };
  const relative = (value: { readonly today: Shift } | { readonly end_of_month: Shift }): string => {
    const [word, shift] = 'today' in value ? [t('today'), value.today] : [t('end_of_month'), value.end_of_month];
    const steps = (['years', 'months', 'weeks', 'days'] as const).flatMap((unit) => {
      const count = shift[unit] ?? 0;
      return count === 0 ? [] : [`${count < 0 ? '−' : '+'} ${t(`unit.${unit}`, { count: Math.abs(count) })}`];
    });
    return [word, ...steps].join(' ');
  };
  const operator = (op: string, type?: string): string => {
    const given = operatorLabel(catalogue, op, type);
    return given === undefined ? op : label(given);
  };
  const childName = (name: string): string => {
    const given = catalogue?.children.find((each) => each.name === name);
    return given === undefined ? name : label(given.label);
  };
  const sayIn = (node: Node, child: string | null): Words => {
    if ('everyone' in node) return { text: t('everyone') };
    if ('and' in node) return { text: node.and.map((part) => grouped(part, sayIn(part, child))).join(` ${t('and')} `) };
    if ('or' in node) return { text: node.or.map((part) => grouped(part, sayIn(part, child))).join(` ${t('or')} `) };
    if ('not' in node) {
      if ('has' in node.not && node.not.count === undefined) {
        const inner = node.not.where === undefined ? '' : ` (${whole(sayIn(node.not.where, node.not.has))})`;
        return { text: t('has_no'), value: `${childName(node.not.has)}${inner}` };
      }
      return { text: t('not'), value: whole(sayIn(node.not, child)) };
    }
    if ('has' in node) {
      const inner = node.where === undefined ? '' : ` (${whole(sayIn(node.where, node.has))})`;
      const name = `${childName(node.has)}${inner}`;
      return node.count === undefined
        ? { text: t('has'), value: name }
        : { text: t('count', { what: name }), value: `${node.count.op} ${format.number(node.count.value)}` };
    }
    const about = field(child, node.field);
    const text = `${about === undefined ? node.field : label(about.label)} ${operator(node.op, about?.type)}`;
    return needsValue(node.op) && node.value !== undefined ? { text, value: values(child, node.field, node.value) } : { text };
  };
  return { catalogue, label, field, child: childName, operator, say: (node) => sayIn(node, null) };
}

/** As one of several in a sentence: what is joined itself stands in brackets. */
export function grouped(part: Node, said: Words): string {
  return 'and' in part || 'or' in part ? `(${whole(said)})` : whole(said);
}

export function whole({ text, value }: Words): string {
  return value === undefined ? text : `${text} ${value}`;
}

/** Code → what it means, of these tables; nothing for those who may not see users, and so not their codes. */
export function useCodeWords(tables: readonly string[]): (table: string, code: string) => string | undefined {
  const { i18n } = useTranslation();
  const enabled = useCan()('users:read');
  const found = useQueries({
    queries: tables.map((table) => ({ ...apiQuery('code_table.show', { table }), staleTime: HOUR_MS, enabled })),
  });
  return (table, code) => {
    const known = found[tables.indexOf(table)]?.data?.codes.find((each) => each.code === code);
    return known === undefined ? undefined : i18n.language === 'de' ? known.label_de : known.label_en;
  };
}

function tablesIn(node: Node, child: string | null, field: FilterWords['field']): readonly string[] {
  if ('and' in node) return node.and.flatMap((part) => tablesIn(part, child, field));
  if ('or' in node) return node.or.flatMap((part) => tablesIn(part, child, field));
  if ('not' in node) return tablesIn(node.not, child, field);
  if ('has' in node) return node.where === undefined ? [] : tablesIn(node.where, node.has, field);
  if ('field' in node) return [field(child, node.field)?.code_table ?? []].flat();
  return [];
}
