import { z } from 'zod';
import { AppError } from '../core/index.ts';
import { findChild, findField, type Scope, USER_SCOPE } from './field-registry.ts';
import { Meter } from './limits.ts';
import { excerpt, Problem } from './problem.ts';
import {
  type Comparison,
  type Count,
  EMPTINESS_OPERATORS,
  type EmptinessOperator,
  type Filter,
  type Has,
  type Operator,
  ORDER_OPERATORS,
  TEXT_OPERATORS,
} from './tree.ts';
import { readValue } from './values.ts';

const ALL_OPERATORS: ReadonlySet<string> = new Set([...ORDER_OPERATORS, ...TEXT_OPERATORS, ...EMPTINESS_OPERATORS, 'in']);
const COUNT_LIMIT = 1_000_000;

type Node = Readonly<Record<string, unknown>>;

/**
 * Reads a filter tree out of unknown data and brings it into canonical form: an `and` or `or` of one
 * is that one, shifts name no zero units. Throws `filters.empty`, or an error of `filters.json.*`
 * that says where in the tree the trouble is.
 */
export function readFilter(raw: unknown): Filter {
  return readNode(raw, { scope: USER_SCOPE, path: '', level: 1, meter: new Meter() });
}

/** `readFilter` as a schema, for the inputs of operations. */
export const filterSchema = z.unknown().transform((raw, context): Filter => {
  try {
    return readFilter(raw);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

interface Place {
  readonly scope: Scope;
  readonly path: string;
  readonly level: number;
  readonly meter: Meter;
}

function readNode(raw: unknown, at: Place): Filter {
  at.meter.depth(at.level);
  if (!isObject(raw)) throw new AppError('filters.json.not_a_filter', { path: shown(at.path) });
  if (Object.keys(raw).length === 0) throw new AppError('filters.empty', {});
  if (Object.hasOwn(raw, 'and')) return readList(raw, 'and', at);
  if (Object.hasOwn(raw, 'or')) return readList(raw, 'or', at);
  if (Object.hasOwn(raw, 'not')) return readNot(raw, at);
  at.meter.condition();
  if (Object.hasOwn(raw, 'everyone')) return readEveryone(raw, at);
  if (Object.hasOwn(raw, 'has')) return readHas(raw, at);
  if (Object.hasOwn(raw, 'field')) return readComparison(raw, at);
  throw new AppError('filters.json.not_a_filter', { path: shown(at.path) });
}

function readList(raw: Node, key: 'and' | 'or', at: Place): Filter {
  onlyKeys(raw, [key], at.path);
  const list = raw[key];
  const path = below(at.path, key);
  if (!Array.isArray(list)) throw wrongShape(path, '[ … ]');
  const filters = list.map((item: unknown, index) => readNode(item, { ...at, path: `${path}[${index}]`, level: at.level + 1 }));
  const [first] = filters;
  if (first === undefined) throw new AppError('filters.empty', {});
  if (filters.length === 1) return first;
  return key === 'and' ? { and: filters } : { or: filters };
}

function readNot(raw: Node, at: Place): Filter {
  onlyKeys(raw, ['not'], at.path);
  return { not: readNode(raw['not'], { ...at, path: below(at.path, 'not'), level: at.level + 1 }) };
}

function readEveryone(raw: Node, at: Place): Filter {
  onlyKeys(raw, ['everyone'], at.path);
  if (raw['everyone'] !== true) throw wrongShape(below(at.path, 'everyone'), 'true');
  usersOnly(at, 'everyone');
  return { everyone: true };
}

function readHas(raw: Node, at: Place): Has {
  onlyKeys(raw, ['has', 'where', 'count'], at.path);
  usersOnly(at, 'has');
  const name = raw['has'];
  const path = below(at.path, 'has');
  if (typeof name !== 'string') throw wrongShape(path, [...at.scope.children.keys()].join(' / '));
  const child = inPlace(path, () => findChild(at.scope, name));
  const where = Object.hasOwn(raw, 'where')
    ? { where: readNode(raw['where'], { ...at, scope: child, path: below(at.path, 'where'), level: at.level + 1 }) }
    : {};
  const count = Object.hasOwn(raw, 'count') ? { count: readCount(raw['count'], below(at.path, 'count')) } : {};
  return { has: child.of, ...where, ...count };
}

function readCount(raw: unknown, path: string): Count {
  if (!isObject(raw)) throw wrongShape(path, '{ "op", "value" }');
  onlyKeys(raw, ['op', 'value'], path);
  return inPlace(path, () => countOf(raw['op'], raw['value']));
}

/** A comparison of a count; throws a `Problem`. */
export function countOf(op: unknown, value: unknown): Count {
  const operator = ORDER_OPERATORS.find((known) => known === op);
  if (operator === undefined || typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > COUNT_LIMIT) {
    throw Problem.of('count_expected', { operators: ORDER_OPERATORS.join(' ') });
  }
  return { op: operator, value: value + 0 };
}

function readComparison(raw: Node, at: Place): Comparison {
  const { field: name, op } = raw;
  const fieldPath = below(at.path, 'field');
  if (typeof name !== 'string') throw wrongShape(fieldPath, [...at.scope.fields.keys()].join(' / '));
  const field = inPlace(fieldPath, () => findField(at.scope, name));
  const opPath = below(at.path, 'op');
  if (typeof op !== 'string') throw wrongShape(opPath, field.operators.join(' / '));
  const operator = field.operators.find((known) => known === op);
  if (operator === undefined) {
    const operators = field.operators.join(', ');
    throw ALL_OPERATORS.has(op)
      ? Problem.of('operator_unsuitable', { operator: op, field: field.name, operators }).inTree(opPath)
      : Problem.of('unknown_operator', { operator: excerpt(op), field: field.name, operators }).inTree(opPath);
  }
  if (isEmptiness(operator)) {
    onlyKeys(raw, ['field', 'op'], at.path);
    return { field: field.name, op: operator };
  }
  onlyKeys(raw, ['field', 'op', 'value'], at.path);
  const valuePath = below(at.path, 'value');
  const read = (value: unknown, path: string) => {
    at.meter.value(value);
    return inPlace(path, () => readValue(field, value));
  };
  const value = raw['value'];
  if (operator !== 'in') return { field: field.name, op: operator, value: read(value, valuePath) };
  if (!Array.isArray(value)) throw wrongShape(valuePath, '[ … ]');
  if (value.length === 0) throw Problem.of('list_empty', { field: field.name }).inTree(valuePath);
  return { field: field.name, op: 'in', value: value.map((item: unknown, index) => read(item, `${valuePath}[${index}]`)) };
}

function isEmptiness(operator: Operator): operator is EmptinessOperator {
  return operator === 'is_empty' || operator === 'is_not_empty';
}

function usersOnly(at: Place, word: string): void {
  if (at.scope !== USER_SCOPE) throw Problem.of('users_only', { word }).inTree(shown(at.path));
}

function onlyKeys(raw: Node, known: readonly string[], path: string): void {
  const stranger = Object.keys(raw).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    throw new AppError('filters.json.unknown_key', { path: shown(path), key: excerpt(stranger), known: known.join(', ') });
  }
}

function inPlace<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Problem ? error.inTree(shown(path)) : error;
  }
}

function wrongShape(path: string, expected: string): AppError {
  return new AppError('filters.json.wrong_shape', { path: shown(path), expected });
}

function isObject(raw: unknown): raw is Node {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The root of the tree has no path of its own. */
function shown(path: string): string {
  return path === '' ? '{ }' : path;
}
