/**
 * The parameters of Alma's job M148 "Update/Notify Users" as a plan of ours. Each action is a tick
 * (`_Active`) and a `_Value`; an action that is not ticked is not looked at, whatever its value says.
 */
import { ACCOUNT_TYPES, bare, type FieldName, type Notification, NOTIFICATIONS, SEND } from './m148-codes.ts';
import { excerpt, Form, found, invalid, isTrue, missing } from './m148-form.ts';

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
