import { escapeHtml } from '../../core/index.ts';

/** Text that is HTML already. Whatever else is put into a page is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

/** `html\`<p>${name}</p>\`` with every value escaped; a list is joined, and null, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => text + string + (index < values.length ? shown(values[index]) : ''), ''));
}

function shown(value: Part): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map(shown).join('');
}
