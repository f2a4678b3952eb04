/** Labels of fields and codes, as the server has them, and values as people read them. */
import { createContext, Fragment, type ReactNode, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { type FilterCatalogue, useApi } from '../../api/index.ts';
import { useFormat } from '../../lib/format.ts';
import { isRecord } from './draft.ts';

export type CatalogueField = FilterCatalogue['fields'][number];

/** The fields one can ask for: they have labels, types and code tables of everything that a change can name. */
export const FieldsContext = createContext<FilterCatalogue | null>(null);

export interface FieldWords {
  field(name: string, child?: string | null): CatalogueField | undefined;
  label(name: string, child?: string | null): string;
  childLabel(child: string): string;
  readonly catalogue: FilterCatalogue | null;
}

export function useFields(): FieldWords {
  const catalogue = useContext(FieldsContext);
  const { i18n } = useTranslation();
  const language = i18n.language === 'de' ? 'de' : 'en';
  const scope = (child: string | null | undefined): readonly CatalogueField[] | undefined =>
    child === null || child === undefined ? catalogue?.fields : catalogue?.children.find((each) => each.name === child)?.fields;
  const field = (name: string, child?: string | null): CatalogueField | undefined => scope(child)?.find((each) => each.name === name);
  return {
    catalogue,
    field,
    label: (name, child) => field(name, child)?.label[language] ?? name,
    childLabel: (child) => catalogue?.children.find((each) => each.name === child)?.label[language] ?? child,
  };
}

export interface CodeChoice {
  readonly value: string;
  readonly label: string;
}

const AN_HOUR_MS = 3_600_000;

/** Codes of a table with their words; empty while they are on their way, or where there is no table. */
export function useCodes(table: string | undefined): readonly CodeChoice[] {
  const { i18n } = useTranslation();
  const { data } = useApi('code_table.show', { table: table ?? '-' }, { enabled: table !== undefined, staleTime: AN_HOUR_MS });
  return (data?.codes ?? [])
    .filter((code) => code.enabled)
    .map((code) => {
      const label = i18n.language === 'de' ? code.label_de : code.label_en;
      return { value: code.code, label: label === '' ? code.code : label };
    });
}

/** A code in words. */
export function CodeText({ table, code }: { readonly table: string; readonly code: string }) {
  const codes = useCodes(table);
  return <bdi>{codes.find((each) => each.value === code)?.label ?? code}</bdi>;
}

/** A value of a field: a code in words, a date as one reads it, a column by its name. */
export function ValueText({ value, field }: { readonly value: unknown; readonly field: CatalogueField | undefined }): ReactNode {
  const { t, i18n } = useTranslation(['new-job', 'common']);
  const format = useFormat();
  const relative = useRelative();
  if (value === null || value === undefined || value === '') return t('common:value.empty');
  if (typeof value === 'boolean') return value ? t('value.yes') : t('value.no');
  if (isRecord(value)) {
    return typeof value['column'] === 'string' ? t('value.column', { column: value['column'] }) : JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return t('common:value.empty');
    return value.map((each, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no name of their own and never move
      <Fragment key={index}>
        {index > 0 && ', '}
        <ValueText value={each} field={field} />
      </Fragment>
    ));
  }
  const text = String(value);
  const fixed = field?.values?.find((each) => each.value === text);
  if (fixed !== undefined) return i18n.language === 'de' ? fixed.label.de : fixed.label.en;
  if (/^today/i.test(text)) return relative(text);
  if (field?.type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(text)) return format.date(text);
  if (field?.type === 'instant' && /^\d{4}-\d{2}-\d{2}/.test(text)) return format.date(text.slice(0, 10));
  if (field?.code_table !== undefined) return <CodeText table={field.code_table} code={text} />;
  return <bdi>{text}</bdi>;
}

export const SPAN_UNITS = ['days', 'weeks', 'months', 'years'] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];

/** "1 year 6 months" */
export function useSpan(): (span: unknown) => string {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  return (span) => {
    if (!isRecord(span)) return '';
    return SPAN_UNITS.toReversed()
      .flatMap((unit) => {
        const count = span[unit];
        return typeof count === 'number' && count !== 0 ? [t(`unit.${unit}`, { count, number: format.number(count) })] : [];
      })
      .join(' ');
  };
}

const RELATIVE = /^today(?:\s*([+-])\s*(\d{1,5})\s*(day|week|month|year)s?)?$/i;

export interface RelativeDay {
  readonly count: number;
  readonly unit: SpanUnit;
}

/** `today + 6 months` taken apart; null for anything else. */
export function parseRelative(text: string): RelativeDay | null {
  const found = RELATIVE.exec(text.trim());
  if (found === null) return null;
  const count = Number(found[2] ?? 0) * (found[1] === '-' ? -1 : 1);
  return { count, unit: SPAN_UNITS.find((unit) => unit.startsWith((found[3] ?? 'day').toLowerCase())) ?? 'days' };
}

export function formatRelative({ count, unit }: RelativeDay): string {
  if (count === 0) return 'today';
  return `today ${count < 0 ? '-' : '+'} ${Math.abs(count)} ${unit}`;
}

/** "6 months after the run" */
function useRelative(): (text: string) => string {
  const { t } = useTranslation('new-job');
  const span = useSpan();
  return (text) => {
    const parsed = parseRelative(text);
    if (parsed === null) return text;
    if (parsed.count === 0) return t('value.today');
    const said = span({ [parsed.unit]: Math.abs(parsed.count) });
    return parsed.count > 0 ? t('value.after_run', { span: said }) : t('value.before_run', { span: said });
  };
}

/** A label in the middle of a sentence: in English small, unless it is an abbreviation. */
export function useInSentence(): (label: string) => string {
  const { i18n } = useTranslation();
  return (label) => (i18n.language === 'en' && /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label);
}

/** A text with parts of the page in it: `{name}` stands for each. */
export function Say({ text, parts }: { readonly text: string; readonly parts: Readonly<Record<string, ReactNode>> }) {
  return text.split(/(\{\w+\})/).map((piece, index) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text stay where they are
    return <Fragment key={index}>{name === undefined ? piece : parts[name]}</Fragment>;
  });
}
