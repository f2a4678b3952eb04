/**
 * Liquid as letters have it. The source that staff write is parsed by `sourceEngine`, which knows what they
 * may use; what becomes of it is rendered by two engines per language, one for HTML and one for everything
 * else. Those know a few tags and filters more, all beginning with `_`, which only the compiler writes.
 */
import { type Context, Liquid, type LiquidOptions, Tag, type TagToken, type TopLevelToken } from 'liquidjs';
import { FILTERS, addFilters } from './filters.ts';
import { escapeHtml } from '../../core/index.ts';
import { plainValue } from './escape.ts';
import { safeAddress } from './address.ts';

/** Tags that choose and repeat. `capture`, `break` and `raw` are gone: with them a part of the letter could be left open. */
const TAGS: ReadonlySet<string> = new Set(['assign', 'case', 'comment', 'if', 'unless', 'for', '#']);

/** Longest source of one part, in characters. */
export const MAX_SOURCE = 200_000;
/** No letter needs a hundredth of this; one that does is caught before it stops the sender. */
const RENDER_LIMIT_MS = 2_000;
const MEMORY_LIMIT = 10_000_000;
/** Turns of all loops of a letter together. */
const MAX_TURNS = 20_000;
/** Longest result of one form of a letter, in characters. */
export const MAX_RESULT = 2_000_000;

const OPTIONS: LiquidOptions = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // Looked up instead of the file system: there are no other templates.
  templates: {},
  parseLimit: 4 * MAX_SOURCE,
  renderLimit: RENDER_LIMIT_MS,
  memoryLimit: MEMORY_LIMIT,
  timezoneOffset: 0,
};

function createEngine(language: string, options: LiquidOptions): Liquid {
  const engine = new Liquid({ ...OPTIONS, ...options });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!FILTERS.has(name)) delete engine.filters[name];
  addFilters(engine, language);
  return engine;
}

/** `{% snippet "name" %}`: in the source it is only looked at; the compiler has put the snippet in its place. */
class SnippetTag extends Tag {
  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    if (snippetName(token.args) === undefined) throw new Error('expected a name in quotes: {% snippet "name" %}');
  }
  render(): void {
    // What stands there instead is rendered.
  }
}

export function snippetName(args: string): string | undefined {
  return /^\s*(?:"([^"]+)"|'([^']+)')\s*$/
    .exec(args)
    ?.slice(1)
    .find((name) => name !== undefined);
}

/** Counts the turns of loops; written by the compiler behind every `{% for %}`. */
class TurnTag extends Tag {
  override render(ctx: Context): void {
    const counter = ctx as Context & { _turns?: number }; // one context for each rendering
    counter._turns = (counter._turns ?? 0) + 1;
    if (counter._turns > MAX_TURNS) throw new Error('iteration limit exceeded');
  }
}

let source: Liquid | undefined;

export function sourceEngine(): Liquid {
  if (source === undefined) {
    source = createEngine('en', {});
    source.registerTag('snippet', SnippetTag);
  }
  return source;
}

export interface Engines {
  readonly html: Liquid;
  readonly plain: Liquid;
}

const ENGINES = new Map<string, Engines>();

export function enginesOf(language: string): Engines {
  let engines = ENGINES.get(language);
  if (engines === undefined) {
    const html = createEngine(language, { outputEscape: escapeValue });
    const plain = createEngine(language, { outputEscape: plainValue });
    for (const engine of [html, plain]) {
      engine.registerTag('_turn', TurnTag);
      engine.registerFilter('_part', (value: unknown) => encodeURIComponent(plainValue(value)));
      engine.registerFilter('_mail', (value: unknown) => encodeURIComponent(plainValue(value)).replaceAll('%40', '@'));
      engine.registerFilter('_address', ESCAPES._address);
    }
    html.registerFilter('_href', ESCAPES._href);
    html.registerFilter('_src', ESCAPES._src);
    engines = { html, plain };
    ENGINES.set(language, engines);
  }
  return engines;
}

/** Filters that the compiler puts around addresses. `raw`: what they make is HTML, and the only output that is not escaped once more. */
const ESCAPES = {
  _href: { raw: true, handler: (value: unknown) => attribute('href', safeAddress(plainValue(value))) },
  _src: { raw: true, handler: (value: unknown) => attribute('src', safeAddress(plainValue(value), true)) },
  _address: { raw: false, handler: (value: unknown) => safeAddress(plainValue(value)) ?? '' },
} as const;
export type EscapeName = keyof typeof ESCAPES;

export function plainFilter(name: EscapeName): (typeof ESCAPES)[EscapeName] | undefined {
  return Object.hasOwn(ESCAPES, name) ? ESCAPES[name] : undefined;
}

/** How an engine prints a value. */
export function escapeValue(value: unknown): string {
  return escapeHtml(plainValue(value));
}

function attribute(name: string, address: string | undefined): string {
  return address === undefined ? '' : ` ${name}="${escapeHtml(address)}"`;
}
