/** Whether every field that a letter names is one there is: in every branch, also in those that no sample reaches. */
import { sourceEngine } from './engine.ts';
import { fieldAt, itemAt, letterFields, type LetterField } from './fields.ts';
import { problem } from './problem.ts';
import { isClosing, isOpening, type LiquidPiece, type Place } from './scan.ts';
import type { LetterProblem } from './types.ts';

const FORLOOP: ReadonlySet<string> = new Set(['index', 'index0', 'first', 'last', 'length', 'rindex', 'rindex0']);

/** What a name within a loop stands for: an entry of a list, or something without fields of its own. */
type Alias = { readonly name: string; readonly list: LetterField | undefined };

interface Scope {
  readonly credentials: boolean;
  readonly loops: (Alias | undefined)[];
  readonly assigned: Set<string>;
}

/** `pieces` in the order of the text. */
export function checkFields(pieces: readonly LiquidPiece[], credentials: boolean): LetterProblem[] {
  const scope: Scope = { credentials, loops: [], assigned: new Set() };
  const problems: LetterProblem[] = [];
  for (const piece of pieces) {
    if (isClosing(piece)) scope.loops.pop();
    for (const variable of variablesOf(piece)) problems.push(...checkVariable(variable, piece, scope));
    const made = /^\s*assign\s+([\w-]+)/.exec(piece.content)?.[1];
    if (made !== undefined) scope.assigned.add(made);
    if (isOpening(piece)) scope.loops.push(aliasOf(piece, scope));
  }
  return problems;
}

/** The paths that pieces name, without those of loops and assignments. */
export function namedPaths(pieces: readonly LiquidPiece[]): string[] {
  return pieces.flatMap((piece) => variablesOf(piece).map((variable) => variable.path.join('.')));
}

interface Named {
  readonly path: readonly string[];
  readonly place: Place;
}

/** The piece alone as a template, with how much longer it has become at the beginning. */
function alone(piece: LiquidPiece): { readonly text: string; readonly shift: number } {
  const raw = piece.raw.replace(/^\{%-/, '{% ').replace(/-%\}$/, ' %}');
  if (piece.kind === 'output') return { text: raw, shift: 0 };
  switch (piece.name) {
    case 'if':
    case 'unless':
    case 'for':
    case 'case':
      return { text: `${raw}{% end${piece.name} %}`, shift: 0 };
    case 'elsif':
      return { text: `{% if 1 %}${raw}{% endif %}`, shift: '{% if 1 %}'.length };
    case 'when':
      return { text: `{% case 1 %}${raw}{% endcase %}`, shift: '{% case 1 %}'.length };
    case 'assign':
      return { text: raw, shift: 0 };
    default:
      return { text: '', shift: 0 };
  }
}

function variablesOf(piece: LiquidPiece): Named[] {
  const { text, shift } = alone(piece);
  if (text === '') return [];
  const engine = sourceEngine();
  const { globals } = engine.analyzeSync(engine.parse(text));
  return Object.values(globals)
    .flat()
    .map((variable) => ({
      path: variable.segments.map((segment) => (typeof segment === 'object' ? '[…]' : String(segment))),
      place: {
        part: piece.place.part,
        line: piece.place.line + variable.location.row - 1,
        column: variable.location.row === 1 ? piece.place.column + variable.location.col - 1 - shift : variable.location.col,
      },
    }));
}

function aliasOf(piece: LiquidPiece, scope: Scope): Alias | undefined {
  const loop = /^\s*for\s+([\w-]+)\s+in\s+([\w.-]+)/.exec(piece.content);
  if (loop === null) {
    const name = /^\s*for\s+([\w-]+)\s/.exec(piece.content)?.[1];
    return name === undefined ? undefined : { name, list: undefined };
  }
  const [, name = '', path = ''] = loop;
  return { name, list: scope.assigned.has(path.split('.')[0] ?? '') ? undefined : fieldAt(path.split('.')) };
}

function checkVariable({ path, place }: Named, piece: LiquidPiece, scope: Scope): LetterProblem[] {
  const [root = '', ...rest] = path;
  const field = path.join('.');
  if (scope.assigned.has(root)) return [];
  const alias = scope.loops.findLast((loop) => loop?.name === root);
  if (alias !== undefined) {
    const known = alias.list === undefined ? rest.length === 0 : itemAt(alias.list, rest) !== undefined;
    return known
      ? []
      : [
          unknown(
            field,
            place,
            (alias.list?.items ?? []).map((item) => item.path.replace(/^item\./, `${root}.`)),
          ),
        ];
  }
  if (root === 'forloop' && scope.loops.some((loop) => loop !== undefined) && FORLOOP.has(rest.join('.'))) return [];
  const found = fieldAt(path);
  if (found === undefined) {
    const group = PATHS.some((known) => known.startsWith(`${field}.`));
    return [group ? problem('error', 'letters.check.field_is_group', place, { field }) : unknown(field, place, PATHS)];
  }
  if (found.where === 'credentials' && !scope.credentials) return [problem('error', 'letters.check.field_not_here', place, { field })];
  if (found.type === 'list' && piece.kind === 'output' && !piece.content.includes('|')) {
    return [problem('error', 'letters.check.field_is_list', place, { field })];
  }
  return [];
}

const PATHS: readonly string[] = letterFields('en').map((field) => field.path);

function unknown(field: string, place: Place, known: readonly string[]): LetterProblem {
  const near = known.map((path) => ({ path, steps: distance(field, path) })).sort((a, b) => a.steps - b.steps)[0];
  return near !== undefined && near.steps <= Math.max(2, field.length / 4)
    ? problem('error', 'letters.check.field_meant', place, { field, meant: near.path })
    : problem('error', 'letters.check.field_unknown', place, { field });
}

/** How many letters have to be put in, taken out or exchanged. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
