/** Sets: list, make, show, change, delete, and their members. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import {
  addMembers,
  combineSets,
  createSet,
  deleteSet,
  listMembers,
  listSets,
  removeMembers,
  replaceMembers,
  type SetView,
  showSet,
  updateSet,
} from '../../sets/index.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError } from '../wire/index.ts';
import { readQuery } from './query.ts';
import { confRoute, type Numbers, numberInPath, numbered, pageOf } from './route.ts';
import { checkContent, headOf, memberIds, namedHead } from './set-input.ts';
import { listedSet, memberOf, wholeSet } from './set-shape.ts';
import { textOf } from './values.ts';

const NUMBERS: Numbers = {
  'sets.not_found': ['60107', 'Invalid set ID.'],
  'sets.name_taken': ['402263', 'The set name already exists. Please choose a different name.'],
  'sets.not_itemized': ['60112', 'Invalid set type.'],
  'sets.not_logical': ['60112', 'Invalid set type.'],
  'sets.not_yours': ['60106'],
  'sets.in_use': ['60106'],
  'sets.needed_by_run': ['60106'],
  'sets.id_type_unknown': ['40166410', 'Invalid parameter identifier type.'],
  'sets.id_invalid': ['60116'],
  'sets.ids_ambiguous': ['60116'],
  'sets.ids_twice': ['60119'],
  'sets.ids_no_members': ['60117'],
  'filters.': ['402266'],
  'input.invalid': ['402265'],
};

/** The same refusals have a number of their own when the call named a type of identifier. */
const BY_ANY: Numbers = { 'sets.ids_not_found': ['60116'], 'sets.ids_already_members': ['60115'] };
const BY_TYPE: Numbers = { 'sets.ids_not_found': ['60120'], 'sets.ids_ambiguous': ['60120'], 'sets.ids_already_members': ['60176'] };

export function setRoutes(server: FastifyInstance, app: App): void {
  confRoute(server, app, 'GET', '/sets', NUMBERS, list);
  confRoute(server, app, 'POST', '/sets', { ...NUMBERS, ...BY_ANY, 'sets.not_found': ['402264', 'Set ID is invalid.'] }, create);
  confRoute(server, app, 'GET', '/sets/:set', NUMBERS, async (call) => answer(call, await call.perform(showSet, { set: idOf(call) })));
  confRoute(server, app, 'PUT', '/sets/:set', NUMBERS, update);
  confRoute(server, app, 'POST', '/sets/:set', NUMBERS, changeMembers);
  confRoute(server, app, 'DELETE', '/sets/:set', NUMBERS, async (call) => {
    await call.perform(deleteSet, { set: idOf(call) });
    return 'nothing';
  });
  confRoute(server, app, 'GET', '/sets/:set/members', NUMBERS, members);
}

function idOf(call: AlmaCall): number {
  return numberInPath(call, 'set', '60107', 'Invalid set ID.');
}

function answer(call: AlmaCall, set: SetView): AlmaAnswer {
  return { root: 'set', value: wholeSet(set, call.link) };
}

async function list(call: AlmaCall): Promise<AlmaAnswer> {
  const { query } = call;
  const { limit, offset } = pageOf(query);
  const nobody = { root: 'sets', value: { set: [], total_record_count: 0 } };
  // There are sets of users made here, and no others.
  if ((query.text('content_type') ?? 'USER').toUpperCase() !== 'USER') return nobody;
  if (!['UI', ''].includes((query.text('set_origin') ?? '').toUpperCase())) return nobody;
  const type = query.text('set_type')?.toUpperCase();
  if (type !== undefined && type !== 'ITEMIZED' && type !== 'LOGICAL')
    throw new AlmaError('402262', `Set type is invalid: ${type.slice(0, 40)}.`);
  const { sets, total } = await call.perform(listSets, {
    ...(type === undefined ? {} : { kind: type === 'ITEMIZED' ? 'itemized' : 'logical' }),
    ...search(query.text('q')),
    limit: Math.max(limit, 1),
    offset,
  });
  return { root: 'sets', value: { set: sets.slice(0, limit).map((set) => listedSet(set, call.link)), total_record_count: total } };
}

/** `name~part` or `created_by~part`, several with AND; a blank may be written `_`. */
function search(q: string | undefined): { name?: string; owner?: string } {
  const found: { name?: string; owner?: string } = {};
  for (const pair of (q ?? '').split(/\s+AND\s+/i).filter((part) => part.trim() !== '')) {
    const [, field = '', value = ''] = /^\s*(\w+)~(.*)$/s.exec(pair) ?? [];
    if (field === 'name') found.name = value.replaceAll('*', '').trim();
    else if (field === 'created_by') found.owner = value.trim();
    else throw new AlmaError('40166411', `Invalid parameter q: ${pair.slice(0, 80)}. Known are name~ and created_by~.`);
  }
  return { ...(found.name ? { name: found.name } : {}), ...(found.owner ? { owner: found.owner } : {}) };
}

async function create(call: AlmaCall): Promise<AlmaAnswer> {
  const { query } = call;
  for (const name of ['population', 'job_instance_id', 'filter_set', 'nz_set_from_iz_set']) {
    if (query.text(name) !== undefined)
      throw new AlmaError('402265', `Failed to create a set: ${name} is not supported for sets of users.`);
  }
  const set = call.body('set');
  checkContent(set);
  const head = namedHead(set);
  const made = await (query.text('combine') !== undefined || query.text('set1') !== undefined
    ? call.perform(combineSets, { ...head, ...combination(call) })
    : call.perform(createSet, { ...head, ...sourceOf(call, set) }));
  return answer(call, await call.perform(showSet, { set: made.id }));
}

function combination(call: AlmaCall): { operator: string; sets: number[] } {
  const operator = (call.query.text('combine') ?? 'AND').toLowerCase();
  if (!['and', 'or', 'not'].includes(operator)) throw new AlmaError('60205', 'Invalid parameter combine: choose between AND, OR and NOT.');
  const sets = ['set1', 'set2'].map((name) => {
    const text = call.query.text(name);
    if (text === undefined) throw new AlmaError('60204', 'To combine sets, both set1 and set2 must be provided.');
    return setNumber(text);
  });
  return { operator, sets };
}

function sourceOf(call: AlmaCall, set: Readonly<Record<string, unknown>>): object {
  const from = call.query.text('from_logical_set');
  if (from !== undefined) return { fromSet: setNumber(from) };
  const type = textOf(set['type'])?.toUpperCase();
  if (type === 'LOGICAL') {
    const query = textOf(set['query']);
    if (query === undefined) throw new AlmaError('402266', 'The query of the set is missing.');
    return { filter: readQuery(query) };
  }
  if (type !== 'ITEMIZED') throw new AlmaError('402262', "Set type is invalid. Only 'ITEMIZED' and 'LOGICAL' sets are supported.");
  return { ids: memberIds(set) ?? [], strict: true };
}

function setNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new AlmaError('402264', 'Set ID is invalid.');
  return Number(text);
}

async function update(call: AlmaCall): Promise<AlmaAnswer> {
  const id = idOf(call);
  const set = call.body('set');
  checkContent(set);
  const present = await call.perform(showSet, { set: id });
  const query = textOf(set['query']);
  // What was read and is sent back unchanged is no change of the filter.
  const changed = query !== undefined && query !== present.where;
  await call.perform(updateSet, { set: id, ...headOf(set), ...(changed ? { filter: readQuery(query) } : {}) });
  return answer(call, await call.perform(showSet, { set: id }));
}

async function changeMembers(call: AlmaCall): Promise<AlmaAnswer> {
  const id = idOf(call);
  const op = call.query.text('op')?.toLowerCase();
  if (op !== 'add_members' && op !== 'delete_members' && op !== 'replace_members') throw new AlmaError('60111', 'Invalid operation.');
  const ids = memberIds(call.body('set'));
  if (ids === undefined || ids.length === 0) throw new AlmaError('60113', 'Input set with no members.');
  const idType = call.query.text('id_type');
  const strict = call.query.flag('fail_on_invalid_id', true);
  const input = { set: id, ids, strict, ...(idType === undefined || /^all_unique$/i.test(idType) ? {} : { idType }) };
  try {
    if (op === 'add_members') await call.perform(addMembers, input);
    else if (op === 'delete_members') await call.perform(removeMembers, input);
    else await call.perform(replaceMembers, input);
  } catch (error) {
    throw numbered(error, idType === undefined ? BY_ANY : BY_TYPE);
  }
  return answer(call, await call.perform(showSet, { set: id }));
}

async function members(call: AlmaCall): Promise<AlmaAnswer> {
  const { limit, offset } = pageOf(call.query);
  const page = await call.perform(listMembers, { set: idOf(call), limit: Math.max(limit, 1), offset, counted: true });
  return {
    root: 'members',
    value: { member: page.members.slice(0, limit).map((member) => memberOf(member, call.link)), total_record_count: page.total ?? 0 },
  };
}
