/**
 * The parameters of Alma's job M148 "Update/Notify Users" as a plan of ours. Each action is a tick
 * (`_Active`) and a `_Value`; an action that is not ticked is not looked at, whatever its value says.
 */
import { todayIn } from '../../core/index.ts';
import { AlmaError } from '../wire/index.ts';
import {
  ACCOUNT_TYPES,
  bare,
  CONDITIONS,
  type FieldName,
  type Notification,
  NOTIFICATIONS,
  PARAMETER_NAMES,
  PREFIX,
  SCOPES,
  SEGMENTS,
  SEND,
} from './m148-codes.ts';

export interface M148Options {
  /** IANA name of the zone in which a point in time falls on a day. */
  readonly timeZone: string;
  /** What the parameter `Title` means. */
  readonly title: 'job_category' | 'user_title';
  /** The feed that owns users whom the job makes external; Alma's job does not ask for it. */
  readonly externalId: string;
  /** Code of the institution, as scope of a role. */
  readonly institution: string;
  /** Notification types by Alma's code, before those in `NOTIFICATIONS`. */
  readonly notifications: Readonly<Record<string, Notification>>;
}

/** Something the report has to tell; a code of `core/texts`. */
export interface Remark {
  readonly code: 'alma.date_cleared' | 'alma.no_cloud_identity' | 'alma.external_id_assumed' | 'alma.reset_with_conversion';
  readonly params?: Readonly<Record<string, string>>;
}

type Change = Readonly<Record<string, unknown>> & { readonly change: string };

export interface M148Order {
  /** Number of the set. */
  readonly set: string;
  readonly name: string | null;
  readonly plan: {
    readonly changes: readonly Change[];
    readonly notify?: { readonly type: string; readonly to: 'all' };
    readonly remarks?: readonly Remark[];
  };
}

/**
 * Reads the `parameter` list of a job run, `[{ "name": { "value" }, "value" }]`; values are texts,
 * numbers, truth values or null. Throws `AlmaError` 402228 for a name that the job does not have or
 * a missing set, 402229 for a value that means nothing.
 */
export function readM148(parameters: unknown, options: M148Options): M148Order {
  const form = new Form(parameters);
  const set = form.given('set_id');
  if (set === undefined) throw missing('Mandatory parameter is missing from input: set_id');
  if (!/^\d{1,15}$/.test(set)) throw invalid(`Parameter set_id has invalid value: ${excerpt(set)}`);
  const remarks: Remark[] = [];
  const changes: Change[] = [
    ...accountType(form, options, remarks),
    ...scalars(form, options, remarks),
    ...rsLibraries(form),
    ...blocksAndNotes(form),
    ...roles(form, options),
    ...statistics(form),
    ...letters(form),
  ];
  if (form.ticked('ExportToCloudIdP')) remarks.push({ code: 'alma.no_cloud_identity' });
  const notification = notificationOf(form, options);
  if (notification !== undefined && 'reset' in notification) changes.push(...passwordReset(form, changes, remarks));
  const type = notification !== undefined && 'type' in notification ? notification.type : undefined;
  if (changes.length === 0 && type === undefined) throw invalid('No action is active: there is nothing for the job to do.');
  return {
    set,
    name: form.given('job_name') ?? null,
    plan: { changes, ...(type === undefined ? {} : { notify: { type, to: 'all' } }), ...(remarks.length === 0 ? {} : { remarks }) },
  };
}

function accountType(form: Form, options: M148Options, remarks: Remark[]): Change[] {
  if (!form.active('SetAccountTo')) return [];
  const set = found(ACCOUNT_TYPES, bare(form.code('SetAccountTo')));
  if (set === undefined) throw form.wrong('SetAccountTo');
  if (set === 'INTERNAL') return [{ change: 'account_type', set, credentials: form.ticked('DontGeneratePassword') ? 'none' : 'password' }];
  if (set !== 'EXTERNAL') return [{ change: 'account_type', set }];
  remarks.push({ code: 'alma.external_id_assumed', params: { feed: options.externalId } });
  return [{ change: 'account_type', set, external_id: options.externalId }];
}

function scalars(form: Form, options: M148Options, remarks: Remark[]): Change[] {
  const coded = (field: FieldName, change: string): Change[] =>
    form.active(field) ? [{ change, set: form.code(field), ...form.when(field) }] : [];
  const dated = (field: FieldName, change: string): Change[] => {
    if (!form.active(field)) return [];
    const date = form.date(field, options.timeZone);
    if (date !== null) return [{ change, set: date, ...form.when(field) }];
    remarks.push({ code: 'alma.date_cleared', params: { field: change } });
    return [{ change, clear: true, ...form.when(field) }];
  };
  const status = (): Change[] => {
    if (!form.active('Status')) return [];
    return [{ change: 'status', set: form.code('Status').toUpperCase(), ...form.when('Status') }];
  };
  return [
    ...status(),
    ...dated('Expiry_Date', 'expiry_date'),
    ...dated('Purge_Date', 'purge_date'),
    ...coded('UserGroup', 'user_group'),
    ...coded('Campus', 'campus_code'),
    ...coded('Title', options.title),
    ...(form.active('JobDescription')
      ? [{ change: 'job_description', set: form.text('JobDescription'), ...form.when('JobDescription') }]
      : []),
    ...(form.active('CatalogerLevel') ? [{ change: 'cataloger_level', set: form.code('CatalogerLevel') }] : []),
  ];
}

function rsLibraries(form: Form): Change[] {
  return [
    ...(form.active('RSL') ? [{ change: 'rs_library', add: { code: form.code('RSL') } }] : []),
    ...(form.active('RemoveRSL') ? [{ change: 'rs_library', remove: { code: form.code('RemoveRSL') } }] : []),
  ];
}

function blocksAndNotes(form: Form): Change[] {
  const segment = form.segment();
  return [
    ...(form.active('AddBlock')
      ? [{ change: 'block', add: { description: form.code('AddBlock'), ...form.scope('AddBlock'), segment } }]
      : []),
    ...(form.active('DisableBlock')
      ? [{ change: 'block', deactivate: { description: form.code('DisableBlock'), ...form.scope('DisableBlock') } }]
      : []),
    ...(form.active('AddNote') ? [{ change: 'note', add: { text: form.text('AddNote'), ...form.scope('AddNote'), segment } }] : []),
  ];
}

function roles(form: Form, options: M148Options): Change[] {
  const scope = (field: 'AddRole' | 'RemoveRole'): Record<string, string> => {
    const given = form.scope(field);
    return given['scope'] !== undefined && bare(given['scope']) === bare(options.institution) ? { scope: 'INSTITUTION' } : given;
  };
  return [
    ...(form.active('AddRole') ? [{ change: 'role', add: { type: form.code('AddRole'), ...scope('AddRole') } }] : []),
    ...(form.active('RemoveRole') ? [{ change: 'role', remove: { type: form.code('RemoveRole'), ...scope('RemoveRole') } }] : []),
  ];
}

function statistics(form: Form): Change[] {
  return [
    ...(form.active('AddStatistics')
      ? [{ change: 'statistic', add: { category: form.code('AddStatistics'), ...form.scope('AddStatistics'), segment: form.segment() } }]
      : []),
    ...(form.active('RemoveStatistics')
      ? [{ change: 'statistic', remove: { category: form.code('RemoveStatistics'), ...form.scope('RemoveStatistics') } }]
      : []),
  ];
}

function letters(form: Form): Change[] {
  return [
    ...(form.ticked('DisableSMS') ? [{ change: 'phone', sms: 'off' }] : []),
    ...(form.active('Opt_In_Patron_Letters') ? [{ change: 'letter_preference', opt_in: form.code('Opt_In_Patron_Letters') }] : []),
    ...(form.active('Opt_Out_Patron_Letters') ? [{ change: 'letter_preference', opt_out: form.code('Opt_Out_Patron_Letters') }] : []),
  ];
}

function notificationOf(form: Form, options: M148Options): Notification | undefined {
  if (!isTrue(form.given(`${SEND}_Active`))) return undefined;
  const code = form.given(`${SEND}_Value`);
  if (code === undefined) throw invalid(`Mandatory parameter value is empty: ${SEND}_Value`);
  return found(options.notifications, code) ?? found(NOTIFICATIONS, code) ?? { type: code };
}

/** "Notify Password Change" makes new passwords for internal users; those who become internal get theirs with the conversion. */
function passwordReset(form: Form, changes: readonly Change[], remarks: Remark[]): Change[] {
  const conversion = changes.find((change) => change.change === 'account_type');
  if (conversion === undefined) return [{ change: 'password', reset: 'password' }];
  if (conversion['set'] !== 'INTERNAL' || form.ticked('DontGeneratePassword')) {
    throw invalid(`Parameter ${SEND}_Value asks for new passwords, which contradicts SetAccountTo and DontGeneratePassword.`);
  }
  remarks.push({ code: 'alma.reset_with_conversion' });
  return [];
}

/** 0001-01-02: what lies before has no date of four digits. */
const FIRST_DAY = -62_135_510_400_000;

/** The parameters by name, and what their values mean. */
class Form {
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

function found<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
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

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value.toLowerCase() === 'true';
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function missing(message: string): AlmaError {
  return new AlmaError('402228', message);
}

function invalid(message: string): AlmaError {
  return new AlmaError('402229', message);
}
