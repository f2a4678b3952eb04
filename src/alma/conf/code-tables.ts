/** Code tables: ours under the names that Alma's clients ask for. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import type { Json } from '../../feeds/index.ts';
import { listLetters } from '../../letters/index.ts';
import { showCodeTable, showCodeTables } from '../../users/index.ts';
import type { AlmaAnswer, AlmaCall } from '../wire/index.ts';
import { confRoute, type Numbers, pageOf } from './route.ts';
import { coded } from './values.ts';

const NUMBERS: Numbers = {
  'users.code_table_not_found': ['90101', 'Code table was not found.'],
  'input.invalid': ['90101', 'Code table was not found.'],
};

/** Alma's name → ours, where they differ. Alma has some of ours under several names. */
const OURS: Readonly<Record<string, string>> = {
  'HFrUserRoles.roleType': 'UserRoles',
  UserUserType: 'AccountTypes',
  ContentStructureStatus: 'UserStatus',
  AddNewUserOptions: 'RecordTypes',
  UserAddressTypes: 'AddressTypes',
  UserEmailTypes: 'EmailTypes',
  UserPhoneTypes: 'PhoneTypes',
  LibraryNoticesOptInDisplay: 'LibraryNotices',
};

/** Alma's table of notification types; here they are letters. */
const NOTIFICATION_TYPES = 'UserNotificationTypes';

const ALMA: ReadonlyMap<string, string> = new Map(Object.entries(OURS).map(([alma, ours]) => [ours, alma]));

export function codeTableRoutes(server: FastifyInstance, app: App): void {
  confRoute(server, app, 'GET', '/code-tables', NUMBERS, list);
  confRoute(server, app, 'GET', '/code-tables/:table', NUMBERS, show);
}

async function list(call: AlmaCall): Promise<AlmaAnswer> {
  const { limit, offset } = pageOf(call.query);
  const { tables } = await call.perform(showCodeTables, {});
  const all = [
    ...tables.map((table) => ({ name: ALMA.get(table.name) ?? table.name, description: table.label_en })),
    { name: NOTIFICATION_TYPES, description: 'Notification types' },
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  // The list has always been answered whole; only who asks for a page gets one.
  const paged = call.query.text('limit') === undefined && call.query.text('offset') === undefined ? all : all.slice(offset, offset + limit);
  return {
    root: 'code_tables',
    value: { code_table: paged.map((table) => ({ ...headOf(call, table.name, table.description) })), total_record_count: all.length },
  };
}

async function show(call: AlmaCall): Promise<AlmaAnswer> {
  const name = call.path('table');
  if (name === NOTIFICATION_TYPES) return { root: 'code_table', value: await notificationTypes(call) };
  const ours = Object.hasOwn(OURS, name) ? (OURS[name] ?? name) : name;
  const table = await call.perform(showCodeTable, { table: ours });
  const german = call.query.text('lang')?.toLowerCase() === 'de';
  const rows = table.codes.map((code) => rowOf(code.code, german ? code.label_de : code.label_en, code.enabled, code.is_default));
  return { root: 'code_table', value: { ...headOf(call, name, table.label_en), row: rows } };
}

async function notificationTypes(call: AlmaCall): Promise<Json> {
  const { types } = await call.perform(listLetters, {});
  return {
    ...headOf(call, NOTIFICATION_TYPES, 'Notification types'),
    row: types.map((type) => rowOf(type.type, type.label, type.active, type.is_default)),
  };
}

function headOf(call: AlmaCall, name: string, description: string): Json {
  return {
    link: call.link(`/conf/code-tables/${encodeURIComponent(name)}`),
    name,
    description,
    sub_system: coded('INFRA'),
    patron_facing: false,
    language: call.query.text('lang')?.toLowerCase() === 'de' ? coded('de', 'German') : coded('en', 'English'),
    scope: { institution_id: { value: null, desc: null }, library_id: { value: null, desc: null } },
  };
}

function rowOf(code: string, description: string, enabled: boolean, isDefault: boolean): Json {
  return { code, description, default: isDefault, enabled, updated_by: null, update_date: null };
}
