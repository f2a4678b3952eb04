/** The form that M148 is: its parameters by name, and what their values mean. */
import { todayIn } from '../../core/index.ts';
import { AlmaError } from '../wire/index.ts';
import { bare, CONDITIONS, type FieldName, PARAMETER_NAMES, PREFIX, SCOPES, SEGMENTS } from './m148-codes.ts';

/** 0001-01-02: what lies before has no date of four digits. */
const FIRST_DAY = -62_135_510_400_000;

/** The parameters by name, and what their values mean. */
export class Form {
  readonly #values = new Map<string, string>();

  constructor(parameters: unknown) {
    if (!Array.isArray(parameters)) throw missing('Mandatory parameter is missing from input: parameter');
    for (const parameter of parameters) {
      const name = nameOf(parameter);
      if (!PARAMETER_NAMES.includes(name)) throw missing(`Parameter ${excerpt(name)} is not a parameter of this job.`);
      this.#values.set(name, valueOf(name, parameter));
    }
  }

  /** The value, unless it is one of those that say "unused". */
  given(name: string): string | undefined {
    const value = this.#values.get(name) ?? '';
    return value === '' || value.toLowerCase() === 'null' ? undefined : value;
  }

  active(field: FieldName): boolean {
    return isTrue(this.given(`${PREFIX}${field}_Active`));
  }

  /** A tick box of its own: active, and not said to be false. */
  ticked(field: FieldName): boolean {
    return this.active(field) && bare(this.given(`${PREFIX}${field}_Value`) ?? 'true') !== 'false';
  }

  text(field: FieldName): string {
    const value = this.given(`${PREFIX}${field}_Value`);
    if (value === undefined) throw invalid(`Mandatory parameter value is empty: ${PREFIX}${field}_Value`);
    return value;
  }

  code(field: FieldName): string {
    const value = this.text(field);
    if (value === 'false') throw invalid(`Mandatory parameter value is empty: ${PREFIX}${field}_Value`);
    return value;
  }

  /** Milliseconds since 1970, or a date; null where it is empty or 0. */
  date(field: FieldName, timeZone: string): string | null {
    const value = this.given(`${PREFIX}${field}_Value`);
    if (value === undefined || value === '0' || value === 'false') return null;
    const written = /^(\d{4}-\d{2}-\d{2})Z?$/.exec(value)?.[1];
    if (written !== undefined) return written;
    if (!/^-?\d{1,15}$/.test(value) || Number(value) < FIRST_DAY) throw this.wrong(field);
    const day = todayIn(timeZone, new Date(Number(value)));
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw this.wrong(field);
    return day;
  }

  when(field: FieldName): { when?: 'if_empty' | 'if_not_empty' } {
    const given = this.#values.get(`${PREFIX}${field}_Condition`) ?? '';
    const condition = found(CONDITIONS, bare(given));
    if (condition === undefined) throw invalid(`Parameter ${PREFIX}${field}_Condition has invalid value: ${excerpt(given)}`);
    return condition === 'always' ? {} : { when: condition };
  }

  scope(field: keyof typeof SCOPES): Record<string, string> {
    const value = this.given(`${PREFIX}${field}_Scope`);
    return value === undefined || value === 'false' ? {} : { [SCOPES[field]]: value };
  }

  segment(): 'Internal' | 'External' | 'by_account_type' {
    const given = this.#values.get(`${PREFIX}FieldType_Value`) ?? '';
    const segment = found(SEGMENTS, bare(given));
    if (segment === undefined) throw invalid(`Parameter ${PREFIX}FieldType_Value has invalid value: ${excerpt(given)}`);
    return segment;
  }

  wrong(field: FieldName): AlmaError {
    return invalid(`Parameter ${PREFIX}${field}_Value has invalid value: ${excerpt(this.text(field))}`);
  }
}

export function found<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function nameOf(parameter: unknown): string {
  const name: unknown = isObject(parameter) ? parameter['name'] : undefined;
  const text = isObject(name) ? name['value'] : name;
  if (typeof text !== 'string' || text.trim() === '') throw missing('Mandatory parameter is missing from input: name of a parameter');
  return text.trim();
}

function valueOf(name: string, parameter: unknown): string {
  const given: unknown = isObject(parameter) ? parameter['value'] : undefined;
  const value: unknown = isObject(given) ? given['value'] : given;
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`Parameter ${name} has invalid value.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTrue(value: string | undefined): boolean {
  return value !== undefined && value.toLowerCase() === 'true';
}

export function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export function missing(message: string): AlmaError {
  return new AlmaError('402228', message);
}

export function invalid(message: string): AlmaError {
  return new AlmaError('402229', message);
}
