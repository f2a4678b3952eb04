/** The personal data of one person as a page that people can read: HTML without anything from elsewhere. */
import { type Language, say, sayAny } from '../../core/index.ts';
import { CHILD_TABLES, type ChildTable, SCALARS, type ScalarField } from '../../users/index.ts';
import type { PersonalData } from './collect-personal-data.ts';

const SECTIONS = [
  'feed',
  'circulation',
  'credentials',
  'history',
  'messages',
  'came_back',
  'suppressed_addresses',
  'sets',
  'values',
  'runs',
  'proxies',
  'subscriptions',
  'sign_ins',
  'own_actions',
  'seen_by',
] as const satisfies readonly (keyof PersonalData)[];

export function personalDataPage(data: PersonalData, language: Language, timeZone: string): string {
  const words = new Words(language, timeZone);
  const name = text(data.record['full_name']) || data.primary_id;
  const title = say(language, 'personal.title', { name });
  const sections = SECTIONS.map((section) => {
    const rows: readonly Readonly<Record<string, unknown>>[] = data[section].map((row) => ({ ...row }));
    return `<h2>${escaped(sayAny(language, `personal.${section}`))}</h2>\n${rows.length === 0 ? nothing(language) : words.table(rows)}`;
  });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #ccc; overflow-wrap: anywhere }
dt { font-weight: 600 } dd { margin: 0 0 .25rem 1rem } ul { margin: 0; padding-left: 1.2rem }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(say(language, 'personal.made', { at: words.value(data.made_at) }))} · ${escaped(data.primary_id)}</p>
<h2>${escaped(say(language, 'personal.record', {}))}</h2>
${words.list(data.record)}
${sections.join('\n')}
</body>
</html>
`;
}

/** Values and names in one language. */
class Words {
  readonly #language: Language;
  readonly #timeZone: string;
  readonly #names: ReadonlyMap<string, string>;

  constructor(language: Language, timeZone: string) {
    this.#language = language;
    this.#timeZone = timeZone;
    this.#names = new Map([
      ...(SCALARS as readonly ScalarField[]).map((field): [string, string] => [field.alma ?? field.name, field.label[language]]),
      ...(CHILD_TABLES as readonly ChildTable[]).map((table): [string, string] => [table.name, table.label[language]]),
      ...(CHILD_TABLES as readonly ChildTable[]).map((table): [string, string] => [`user_${table.name}`, table.label[language]]),
    ]);
  }

  /** Name and value of what is filled in. */
  list(record: Readonly<Record<string, unknown>>): string {
    const entries = Object.entries(record).filter(([, value]) => !isEmpty(value));
    return `<dl>\n${entries.map(([name, value]) => `<dt>${escaped(this.#name(name))}</dt><dd>${this.#any(value)}</dd>`).join('\n')}\n</dl>`;
  }

  table(rows: readonly Readonly<Record<string, unknown>>[]): string {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) => rows.some((row) => !isEmpty(row[column])));
    const head = columns.map((column) => `<th>${escaped(this.#name(column))}</th>`).join('');
    const body = rows.map((row) => `<tr>${columns.map((column) => `<td>${this.#any(row[column])}</td>`).join('')}</tr>`).join('\n');
    return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
  }

  /** Instants in the library's time, days as the language writes them. */
  value(value: unknown): string {
    if (typeof value === 'boolean') return sayAny(this.#language, value ? 'cli.yes' : 'cli.no');
    const plain = text(value);
    const locale = this.#language === 'de' ? 'de-DE' : 'en-GB';
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(plain)) {
      return new Date(plain).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: this.#timeZone });
    }
    if (/^\d{4}-\d\d-\d\dZ?$/.test(plain))
      return new Date(plain.slice(0, 10)).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' });
    return plain;
  }

  #any(value: unknown): string {
    if (isEmpty(value)) return '';
    if (Array.isArray(value)) return `<ul>${value.map((each) => `<li>${this.#any(each)}</li>`).join('')}</ul>`;
    if (typeof value !== 'object' || value === null) return escaped(this.value(value));
    // A count with a link that leads nowhere.
    if ('value' in value && 'link' in value) return escaped(this.value(value.value));
    // A code with what it means.
    if ('value' in value && 'desc' in value && Object.keys(value).length === 2) {
      return escaped(
        isEmpty(value.desc) || value.desc === value.value ? this.value(value.value) : `${text(value.desc)} (${text(value.value)})`,
      );
    }
    return this.list({ ...value });
  }

  #name(column: string): string {
    const known = this.#names.get(column);
    if (known !== undefined) return known;
    const code = `personal.column.${column}`;
    const words = sayAny(this.#language, code);
    return words === code ? column.replaceAll('_', ' ') : words;
  }
}

function nothing(language: Language): string {
  return `<p>${escaped(say(language, 'personal.nothing', {}))}</p>`;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function escaped(plain: string): string {
  return plain.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
