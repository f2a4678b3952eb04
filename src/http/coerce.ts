import type { AnyOperation } from '../core/index.ts';
import { inputSchema, type JsonSchema } from './schemas.ts';

/**
 * Fields that came as text (path, query, form) in the kinds that the operation's schema wants. What
 * does not look like its kind stays text, so that the schema itself says what is wrong with it.
 * Where a name or a number would do, digits stay text, or with 'reference' become the number.
 */
export function coerceFields(
  operation: AnyOperation,
  fields: Readonly<Record<string, unknown>>,
  digits: 'text' | 'reference' = 'text',
): Record<string, unknown> {
  const { properties = {} } = inputSchema(operation);
  const coerced: [string, unknown][] = Object.entries(fields).map(([name, value]) => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, schema === undefined ? value : coerce(value, schema, digits)];
  });
  return Object.fromEntries(coerced);
}

function coerce(value: unknown, schema: JsonSchema, digits: 'text' | 'reference'): unknown {
  const kinds = kindsOf(schema);
  if (kinds.has('array')) {
    const items: JsonSchema = schema.items ?? {};
    return (Array.isArray(value) ? value : [value]).map((item) => coerce(item, items, digits));
  }
  if (typeof value !== 'string') return value;
  if (kinds.has('string') && (digits === 'text' || kinds.size === 1)) return value;
  if ((kinds.has('integer') || kinds.has('number')) && /^-?\d{1,15}(?:\.\d+)?$/.test(value)) return Number(value);
  if (kinds.has('boolean') && (value === 'true' || value === 'false')) return value === 'true';
  if ((kinds.size === 0 || kinds.has('object')) && value.startsWith('{')) return parsed(value);
  return value;
}

function kindsOf({ type, anyOf = [], enum: choices }: JsonSchema): ReadonlySet<string> {
  if (type !== undefined) return new Set(typeof type === 'string' ? [type] : type);
  if (Array.isArray(choices)) return new Set(choices.map((choice) => typeof choice));
  return new Set(anyOf.flatMap((alternative) => [...kindsOf(alternative)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
