import { findChild, findField, type Scope, USER_SCOPE } from './field-registry.ts';
import { readFilter } from './read-filter.ts';
import { type Comparison, type Filter, type Has, type RelativeDate, SHIFT_UNITS, type Value } from './tree.ts';

/** The filter in the text form, which `parseFilter` reads back as the same tree. */
export function formatFilter(filter: Filter): string {
  return formatNode(readFilter(filter), USER_SCOPE);
}

function formatNode(filter: Filter, scope: Scope): string {
  if ('and' in filter) return filter.and.map((part) => formatPart(part, scope)).join(' and ');
  if ('or' in filter) return filter.or.map((part) => formatPart(part, scope)).join(' or ');
  if ('not' in filter) return `not ${formatPart(filter.not, scope)}`;
  if ('everyone' in filter) return 'everyone';
  if ('has' in filter) return formatHas(filter, scope);
  return formatComparison(filter, scope);
}

/** A list inside anything else stands in brackets, so that nobody has to know what binds tighter. */
function formatPart(filter: Filter, scope: Scope): string {
  const text = formatNode(filter, scope);
  return 'and' in filter || 'or' in filter ? `(${text})` : text;
}

function formatHas({ has, where, count }: Has, scope: Scope): string {
  const rows = where === undefined ? has : `${has}(${formatNode(where, findChild(scope, has))})`;
  return count === undefined ? `has ${rows}` : `count ${rows} ${count.op} ${count.value}`;
}

function formatComparison(comparison: Comparison, scope: Scope): string {
  const field = findField(scope, comparison.field);
  const bare = field.type === 'date' || field.type === 'instant';
  const literal = (value: Value) => formatValue(value, bare);
  switch (comparison.op) {
    case 'is_empty':
      return `${field.name} is empty`;
    case 'is_not_empty':
      return `${field.name} is not empty`;
    case 'in':
      return `${field.name} in (${comparison.value.map(literal).join(', ')})`;
    case 'starts_with':
      return `${field.name} starts with ${literal(comparison.value)}`;
    case 'ends_with':
      return `${field.name} ends with ${literal(comparison.value)}`;
    default:
      return `${field.name} ${comparison.op} ${literal(comparison.value)}`;
  }
}

/** `bare`: a date, written without quotes. */
function formatValue(value: Value, bare: boolean): string {
  if (typeof value === 'object') return formatRelativeDate(value);
  return typeof value === 'string' && !bare ? quote(value) : String(value);
}

function formatRelativeDate(date: RelativeDate): string {
  const [word, shift] = 'today' in date ? ['today', date.today] : ['end of month', date.end_of_month];
  const steps = SHIFT_UNITS.map((unit) => {
    const amount = shift[unit] ?? 0;
    if (amount === 0) return '';
    const size = Math.abs(amount);
    return ` ${amount < 0 ? '-' : '+'} ${size} ${size === 1 ? unit.slice(0, -1) : unit}`;
  });
  return word + steps.join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quote(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => ESCAPES[character] ?? character)}"`;
}
