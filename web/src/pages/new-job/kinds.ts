/** What the page has to know of kinds of change to draw them: taken from their schemas, and a few groups for the catalogue. */
import type { ChangeCatalogue } from '../../api/index.ts';
import {
  BlockIcon,
  CalendarIcon,
  CloudIcon,
  type FormValue,
  type Icon,
  type JsonSchema,
  KeyIcon,
  LibraryIcon,
  MailIcon,
  NoteIcon,
  ShieldIcon,
  TagIcon,
  UserIcon,
} from '../../components/index.ts';
import { type DraftChange, isRecord } from './draft.ts';

export type KindOfChange = ChangeCatalogue[number];

export const GROUPS = ['account', 'dates', 'place', 'rows', 'contact', 'person', 'other'] as const;
export type Group = (typeof GROUPS)[number];

interface Place {
  readonly group: Group;
  readonly icon: Icon;
}

/** Where a kind stands in the catalogue. A new one that is not named here is found under "Other". */
const PLACES: Readonly<Record<string, Place>> = {
  account_type: { group: 'account', icon: CloudIcon },
  password: { group: 'account', icon: KeyIcon },
  status: { group: 'account', icon: UserIcon },
  record_type: { group: 'account', icon: UserIcon },
  force_password_change: { group: 'account', icon: KeyIcon },
  give_back_to_feed: { group: 'account', icon: CloudIcon },
  expiry_date: { group: 'dates', icon: CalendarIcon },
  purge_date: { group: 'dates', icon: CalendarIcon },
  birth_date: { group: 'dates', icon: CalendarIcon },
  user_group: { group: 'place', icon: UserIcon },
  campus_code: { group: 'place', icon: LibraryIcon },
  statistic: { group: 'place', icon: TagIcon },
  job_category: { group: 'place', icon: TagIcon },
  job_description: { group: 'place', icon: TagIcon },
  is_researcher: { group: 'place', icon: TagIcon },
  rs_library: { group: 'place', icon: LibraryIcon },
  block: { group: 'rows', icon: BlockIcon },
  note: { group: 'rows', icon: NoteIcon },
  role: { group: 'rows', icon: ShieldIcon },
  role_profile: { group: 'rows', icon: ShieldIcon },
  recalculate_roles: { group: 'rows', icon: ShieldIcon },
  identifier: { group: 'rows', icon: TagIcon },
  email: { group: 'contact', icon: MailIcon },
  phone: { group: 'contact', icon: MailIcon },
  address: { group: 'contact', icon: MailIcon },
  letter_preference: { group: 'contact', icon: MailIcon },
  preferred_language: { group: 'contact', icon: MailIcon },
  preferred_channel: { group: 'contact', icon: MailIcon },
  web_site_url: { group: 'contact', icon: MailIcon },
};
const PERSON = /name|title|gender|suffix/;

export function placeOf(kind: string): Place {
  return PLACES[kind] ?? { group: PERSON.test(kind) ? 'person' : 'other', icon: PERSON.test(kind) ? UserIcon : TagIcon };
}

/** `field`: one value of the record. `rows`: child rows by verb. `plain`: what its schema says. */
export type Shape = 'field' | 'rows' | 'plain';

export function schemaOf(kind: KindOfChange): JsonSchema {
  return kind.input as JsonSchema; // made by the server as JSON schema
}

export function shapeOf(kind: KindOfChange): Shape {
  const properties = schemaOf(kind).properties ?? {};
  if ('set' in properties && 'column' in properties) return 'field';
  return verbsOf(kind).length > 0 ? 'rows' : 'plain';
}

/** Verbs of a kind that works on child rows. */
export function verbsOf(kind: KindOfChange): readonly string[] {
  const properties = Object.entries(schemaOf(kind).properties ?? {});
  return properties.some(([, schema]) => schema.type === 'object') ? properties.map(([name]) => name) : [];
}

export function verbOf(kind: KindOfChange, input: FormValue): string {
  const verbs = verbsOf(kind);
  return verbs.find((verb) => input[verb] !== undefined) ?? verbs[0] ?? '';
}

/** How one field gets its value. */
export const FIELD_MODES = ['set', 'today', 'shift', 'relative_to', 'not_earlier', 'not_later', 'end_of_month', 'column', 'clear'] as const;
export type FieldMode = (typeof FIELD_MODES)[number];

export function modesOf(kind: KindOfChange): readonly FieldMode[] {
  const properties = schemaOf(kind).properties ?? {};
  return FIELD_MODES.filter((mode) => (mode === 'today' ? 'shift' in properties : mode in properties));
}

export function modeOf(input: FormValue): FieldMode {
  if (input['relative_to'] !== undefined) return 'relative_to';
  if (typeof input['set'] === 'string' && /^today/i.test(input['set'])) return 'today';
  const verbs = ['clear', 'column', 'shift', 'not_earlier', 'not_later', 'set', 'end_of_month'] as const;
  return verbs.find((mode) => input[mode] !== undefined) ?? 'set';
}

/** What a change begins with when it is added: as empty as it may be, so that nothing is chosen by accident. */
export function firstInput(kind: KindOfChange): FormValue {
  const schema = schemaOf(kind);
  if (shapeOf(kind) === 'field') return schema.properties?.['set']?.type === 'boolean' ? { set: true } : {};
  if (shapeOf(kind) === 'rows') return { [verbsOf(kind)[0] ?? '']: {} };
  const [first] = kind.examples.filter(isRecord);
  if (kind.change === 'account_type' || kind.change === 'password') {
    const { change: _change, ...input } = first ?? {};
    return input;
  }
  return {};
}

const has = (value: unknown): boolean => value !== undefined && value !== '' && value !== null;

/** Whether all is there that the schema needs; whether it is right, the server says. */
export function isComplete(kind: KindOfChange | undefined, { input, condition }: DraftChange): boolean {
  if (kind === undefined) return true;
  if (condition.kind === 'earlier' || condition.kind === 'later') {
    if (!has(input['set'])) return false;
  }
  const schema = schemaOf(kind);
  if (shapeOf(kind) === 'field') {
    const mode = modeOf(input);
    if (mode === 'relative_to') return has(input['relative_to']) && hasSpan(input['shift']);
    if (mode === 'shift') return hasSpan(input['shift']);
    return has(input[mode === 'today' ? 'set' : mode]);
  }
  if (shapeOf(kind) === 'rows') {
    const verb = verbOf(kind, input);
    return fills(schema.properties?.[verb], input[verb]);
  }
  if ((schema.required ?? []).some((name) => !has(input[name]))) return false;
  if (kind.change === 'account_type') return input['set'] !== 'EXTERNAL' || has(input['external_id']);
  return kind.change !== 'letter_preference' || Object.values(input).filter(has).length === 1;
}

function hasSpan(value: unknown): boolean {
  return isRecord(value) && Object.values(value).some((each) => typeof each === 'number' && each !== 0);
}

function fills(schema: JsonSchema | undefined, value: unknown): boolean {
  if (schema === undefined) return false;
  if (schema.type !== 'object') return has(value);
  if (!isRecord(value)) return false;
  const parts = Object.entries(schema.properties ?? {}).filter(([, part]) => part.type === 'object' && part.properties !== undefined);
  if (parts.some(([name]) => name === 'match')) return parts.every(([name, part]) => fills(part, value[name]));
  return (schema.required ?? []).every((name) => has(value[name])) && Object.values(value).some((each) => has(each) || each === null);
}
