/**
 * Fills templates in, several times faster than liquidjs does by itself: static text, fields that are printed
 * as they are, and conditions that only ask for a field are done here; everything else is liquidjs's own, node by
 * node, in one context. A test holds both against each other. Measured: see docs/performance.md, render.
 */
import { Context, IfTag, type Liquid, Output, type Template, type Token, TokenKind, toValueSync, UnlessTag, type Value } from 'liquidjs';
import { type EscapeName, MAX_RESULT, plainFilter } from './engine.ts';

export type Filled = (data: object) => string;

/** One rendering. */
interface Run {
  readonly data: object;
  /** Made when liquidjs is first needed. */
  context: Context | undefined;
  text: string;
}
type Step = (run: Run) => void;

interface Making {
  readonly engine: Liquid;
  readonly escape: (value: unknown) => string;
  /** Names that loops and assignments make: what they hold, liquidjs knows. */
  readonly made: ReadonlySet<string>;
}

/** Throws, when it fills in, what liquidjs throws, and past the limits. */
export function filler(engine: Liquid, escape: (value: unknown) => string, templates: readonly Template[], source: string): Filled {
  const made = new Set([...source.matchAll(/\{%-?\s*(?:for|assign)\s+([\w-]+)/g)].map((match) => match[1] ?? ''));
  const steps = stepsOf({ engine, escape, made: new Set([...made, 'forloop']) }, templates);
  return (data) => {
    const run: Run = { data, context: undefined, text: '' };
    for (const step of steps) step(run);
    if (run.text.length > MAX_RESULT) throw new Error('the letter is too long');
    return run.text;
  };
}

function stepsOf(making: Making, templates: readonly Template[]): Step[] {
  return templates.map((template) => stepOf(making, template));
}

function stepOf(making: Making, template: Template): Step {
  if (template instanceof Output) return outputStep(making, template) ?? slowStep(making, template);
  if (template instanceof IfTag) return choiceStep(making, template.branches, template.elseTemplates ?? [], template, false);
  if (template instanceof UnlessTag) return choiceStep(making, template.branches, template.elseTemplates, template, true);
  const text = staticText(template);
  if (text === undefined) return slowStep(making, template);
  return (run) => {
    run.text += text;
  };
}

/** liquidjs keeps static text, trimmed as its neighbours want it, in the token. */
function staticText(template: Template): string | undefined {
  const { token } = template as Template & { token: { getContent?: () => string } };
  return token.kind === TokenKind.HTML ? token.getContent?.() : undefined;
}

function slowStep(making: Making, template: Template): Step {
  return (run) => {
    const context = contextOf(making, run);
    const emitter = {
      buffer: '',
      write(part: unknown) {
        this.buffer += typeof part === 'string' ? part : making.escape(part);
        if (this.buffer.length > MAX_RESULT) throw new Error('the letter is too long');
      },
    };
    const returned: unknown = toValueSync(making.engine.renderer.renderTemplates([template], context, emitter) as Generator);
    run.text += emitter.buffer === '' && typeof returned === 'string' ? returned : emitter.buffer;
  };
}

function contextOf(making: Making, run: Run): Context {
  run.context ??= new Context(run.data, making.engine.options, { sync: true }, { liquid: making.engine });
  return run.context;
}

/** Missing: the record has no such field, and liquidjs is to say so with its place. */
const MISSING = Symbol('missing');

function outputStep(making: Making, output: Output): Step | undefined {
  const path = pathOf(making, output.value);
  if (path === undefined) return undefined;
  const filters: ((value: unknown) => unknown)[] = [];
  let raw = false;
  for (const filter of output.value.filters) {
    // The escape that the engine puts behind everything has no name that could be written.
    if (filter === output.value.filters.at(-1) && !isNamed(filter.name)) break;
    const known = plainFilter(filter.name as EscapeName);
    if (known === undefined || filter.args.length > 0) return undefined;
    filters.push(known.handler);
    raw = known.raw;
  }
  const slow = slowStep(making, output);
  return (run) => {
    let value = read(run.data, path);
    if (value === MISSING) {
      slow(run);
      return;
    }
    for (const filter of filters) value = filter(value);
    run.text += raw ? String(value) : making.escape(value);
  };
}

function isNamed(name: string): boolean {
  return /^\w+$/.test(name);
}

function choiceStep(
  making: Making,
  branches: readonly { readonly value: Value; readonly templates: readonly Template[] }[],
  otherwise: readonly Template[],
  template: Template,
  negated: boolean,
): Step {
  const choices = branches.map((branch, at) => ({
    path: branch.value.filters.length === 0 ? pathOf(making, branch.value) : undefined,
    value: branch.value,
    negated: negated && at === 0,
    steps: stepsOf(making, branch.templates),
  }));
  const rest = stepsOf(making, otherwise);
  return (run) => {
    for (const choice of choices) {
      let value = choice.path === undefined ? MISSING : read(run.data, choice.path);
      if (value === MISSING) {
        try {
          value = toValueSync(choice.value.value(contextOf(making, run), making.engine.options.lenientIf));
        } catch {
          // Once more by liquidjs as a whole, so that the error tells its place.
          slowStep(making, template)(run);
          return;
        }
      }
      const holds = value !== false && value !== null && value !== undefined;
      if (holds === choice.negated) continue;
      for (const step of choice.steps) step(run);
      return;
    }
    for (const step of rest) step(run);
  };
}

/** `a.b.c` and nothing else, beginning with a name of the data. */
function pathOf(making: Making, value: Value): readonly string[] | undefined {
  const [token, ...more] = value.initial.postfix as readonly (Token & { variable?: unknown; props?: readonly { content?: unknown }[] })[];
  if (token === undefined || more.length > 0 || token.props === undefined || token.variable !== undefined) return undefined;
  const path = token.props.map((prop) => prop.content);
  if (!path.every((name) => typeof name === 'string')) return undefined;
  return making.made.has(path[0] ?? '') ? undefined : path;
}

/** Own properties of plain objects; everything else (`size` of a text, a day's own fields) is left to liquidjs. */
function read(data: object, path: readonly string[]): unknown {
  let value: unknown = data;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return MISSING;
    value = (value as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || typeof value === 'function') return MISSING;
  }
  return value;
}
