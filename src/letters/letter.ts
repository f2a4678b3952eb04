import { Liquid, type Template } from 'liquidjs';
import { AppError } from '../core/index.ts';
import { type LetterData, sampleData, singleLine } from './letter-data.ts';
import type { CompiledLetter as MarkdownLetter } from './text/index.ts';

/** A letter as it is stored: three Liquid templates. */
export interface LetterTemplate {
  readonly subject: string;
  readonly text_body: string;
  readonly html_body: string;
}

export interface RenderedLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Of either kind, for as long as there are both. */
export type CompiledLetter = PartsCompiled | MarkdownLetter;

export interface PartsCompiled {
  readonly subject: Template[];
  readonly text_body: Template[];
  readonly html_body: Template[];
}

type Part = keyof LetterTemplate;

export interface TemplateProblem {
  readonly part: Part;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

const PARTS = ['subject', 'text_body', 'html_body'] as const satisfies readonly Part[];

/** Tags that only choose and repeat; those that load other files or keep counters between renderings are gone. */
const TAGS: ReadonlySet<string> = new Set(['assign', 'capture', 'case', 'comment', 'if', 'unless', 'for', 'break', 'continue', 'raw', '#']);

/** Filters over texts, numbers and lists. `raw` is not one of them, so nothing reaches the HTML part unescaped. */
const FILTERS: ReadonlySet<string> = new Set([
  'append',
  'prepend',
  'upcase',
  'downcase',
  'capitalize',
  'strip',
  'lstrip',
  'rstrip',
  'remove',
  'remove_first',
  'replace',
  'replace_first',
  'truncate',
  'truncatewords',
  'default',
  'plus',
  'minus',
  'times',
  'divided_by',
  'modulo',
  'round',
  'floor',
  'ceil',
  'abs',
  'at_least',
  'at_most',
  'size',
  'split',
  'join',
  'first',
  'last',
  'slice',
  'url_encode',
]);

/** Longest template, in characters. */
const MAX_LENGTH = 200_000;

/** No letter needs a hundredth of this; a template that does is caught before it stops the sender. */
const RENDER_LIMIT_MS = 2_000;
const MEMORY_LIMIT = 10_000_000;

function createEngine(escapeOutput: boolean): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // Looked up instead of the file system: there are no other templates.
    templates: {},
    parseLimit: MAX_LENGTH,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    timezoneOffset: 0,
    ...(escapeOutput ? { outputEscape: 'escape' as const } : {}),
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.has(name)) delete engine.filters[name];
  return engine;
}

const plain = createEngine(false);
const ENGINES: Readonly<Record<Part, Liquid>> = { subject: plain, text_body: plain, html_body: createEngine(true) };

/** Parses a letter; throws the parser's error for one that was never checked. */
export function compileLetter(letter: LetterTemplate): PartsCompiled {
  return {
    subject: ENGINES.subject.parse(letter.subject),
    text_body: ENGINES.text_body.parse(letter.text_body),
    html_body: ENGINES.html_body.parse(letter.html_body),
  };
}

/** Fills a letter in. Throws for a variable that the data does not have. The subject is one line. */
export function renderLetter(letter: CompiledLetter, data: LetterData): RenderedLetter {
  if (!('text_body' in letter)) {
    const { subject, text, html } = letter.render(data, { sms: false });
    return { subject, text, html };
  }
  const render = (part: Part): string => String(ENGINES[part].renderSync(letter[part], data));
  return { subject: singleLine(render('subject')), text: render('text_body'), html: render('html_body') };
}

/**
 * What is wrong with a letter, each with its place; empty when it can be sent. Variables are looked
 * up in every branch, also in those that the sample data does not reach.
 */
export function checkLetter(letter: LetterTemplate, language: string, credentials: boolean): readonly TemplateProblem[] {
  const data = sampleData(language, credentials);
  return PARTS.flatMap((part) => {
    const source = letter[part];
    if (source.trim() === '') return [{ part, line: 1, column: 1, problem: 'must not be empty' }];
    try {
      const engine = ENGINES[part];
      const parsed = engine.parse(source);
      const unknown = unknownVariables(part, parsed, data);
      if (unknown.length > 0) return unknown;
      engine.renderSync(parsed, data);
      return credentials && part !== 'subject' && !mentions(part, parsed, 'password') && !mentions(part, parsed, 'link')
        ? [{ part, line: 1, column: 1, problem: 'must contain {{ password }} or {{ link }}, else the user never learns it' }]
        : [];
    } catch (error) {
      return [{ part, ...placeOf(error) }];
    }
  });
}

/** Throws `letters.template_invalid` with every problem. */
export function requireValidLetter(letter: LetterTemplate, language: string, credentials: boolean): void {
  const problems = checkLetter(letter, language, credentials);
  if (problems.length === 0) return;
  throw new AppError('letters.template_invalid', {
    problems: problems.map((p) => `${p.part} ${p.line}:${p.column}: ${p.problem}`).join('; '),
  });
}

function mentions(part: Part, parsed: Template[], variable: 'password' | 'link'): boolean {
  return ENGINES[part].globalVariablesSync(parsed).includes(variable);
}

/** Whether a letter with this secret tells it: one that was written for passwords alone has no place for a link. */
export function tellsSecret(letter: RenderedLetter, secret: string): boolean {
  return letter.text.includes(secret) && letter.html.includes(secret);
}

function unknownVariables(part: Part, parsed: Template[], data: LetterData): TemplateProblem[] {
  const { globals } = ENGINES[part].analyzeSync(parsed);
  return Object.values(globals)
    .flat()
    .flatMap((variable) => {
      const path = variable.segments.map((segment) => (typeof segment === 'object' ? '[…]' : String(segment)));
      if (hasPath(data, path)) return [];
      return [{ part, line: variable.location.row, column: variable.location.col, problem: `unknown variable ${path.join('.')}` }];
    });
}

/** Whether the data has a plain value there; a group like `user` alone is not something to print. */
function hasPath(data: LetterData, path: readonly string[]): boolean {
  let value: unknown = data;
  for (const name of path) {
    if (typeof value === 'string' && name === 'size') return true;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    // Checked above: an own property of an object.
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return typeof value !== 'object' || value === null;
}

/** Liquid appends the place to its message; here it stands apart. */
function placeOf(error: unknown): { line: number; column: number; problem: string } {
  const message = error instanceof Error ? error.message : String(error);
  const place = /, line:(\d+), col:(\d+)$/.exec(message.split('\n')[0] ?? '');
  return {
    line: Number(place?.[1] ?? 1),
    column: Number(place?.[2] ?? 1),
    problem: place === null ? message : message.slice(0, place.index),
  };
}
