/** /users: what of Alma's users API Muster answers. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import { createUser, type Json, queryUsers, replaceUserRecord, showUser } from '../../feeds/index.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError, almaRoute } from '../wire/index.ts';
import { accountRoutes } from './account-routes.ts';
import { circulationRoutes } from './circulation-routes.ts';
import { withUserErrors } from './errors.ts';
import { keyOf, userInput } from './keys.ts';
import { readUserQuery } from './query.ts';
import { briefView, expandOf, withCounts } from './view.ts';

export function userRoutes(server: FastifyInstance, app: App): void {
  almaRoute(server, app, 'GET', '/users', listUsers);
  almaRoute(server, app, 'POST', '/users', create);
  almaRoute(server, app, 'GET', '/users/:id', read);
  almaRoute(server, app, 'PUT', '/users/:id', replace);
  circulationRoutes(server, app);
  accountRoutes(server, app);
}

const MOST_OFFSET = 2_000_000_000;

async function listUsers(call: AlmaCall): Promise<AlmaAnswer> {
  const { query } = call;
  const q = query.text('q');
  const since = query.text('modify_date_from');
  if (q !== undefined && since !== undefined) throw new AlmaError('402119', 'General error: q and modify_date_from exclude each other.');
  if (since !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(since))
    throw new AlmaError('402119', 'General error: modify_date_from is not valid.');
  const order = query.list('order_by');
  const known = (['last_name', 'first_name', 'primary_id'] as const).filter((name) => order.includes(name));
  if (known.length !== new Set(order).size) throw new AlmaError('402119', 'General error: the parameter order_by is not valid.');
  const full = query.list('expand').includes('full');
  const { total, users } = await withUserErrors(() =>
    call.perform(queryUsers, {
      conditions: q === undefined ? [] : readUserQuery(q),
      ...(since === undefined ? {} : { modified_since: since }),
      ...(known.length === 0 ? {} : { order_by: [...new Set(order)] }),
      limit: query.number('limit', { min: 0, max: 100, otherwise: 10 }),
      offset: query.number('offset', { min: 0, max: MOST_OFFSET, otherwise: 0 }),
      full,
    }),
  );
  const expand = new Set<'loans' | 'requests' | 'fees'>();
  return {
    root: 'users',
    value: {
      total_record_count: total,
      user: users.map((user) => ({
        ...(full ? withCounts(user, expand, call.link) : user),
        link: call.link(`/users/${encodeURIComponent(String(user['primary_id']))}`),
      })),
    },
  };
}

async function create(call: AlmaCall): Promise<AlmaAnswer> {
  const record = call.body('user', '401676');
  return { root: 'user', value: shown(call, await withUserErrors(() => call.perform(createUser, { record }))) };
}

async function read(call: AlmaCall): Promise<AlmaAnswer> {
  const key = keyOf(call);
  const view = call.query.text('view') ?? 'full';
  if (view !== 'full' && view !== 'brief') throw new AlmaError('401666', `Parameter value is not valid: view=${view.slice(0, 60)}.`);
  const expand = expandOf(call.query);
  const user = await withUserErrors(() => call.perform(showUser, userInput(key)), key);
  return { root: 'user', value: withCounts(view === 'brief' ? briefView(user) : user, expand, call.link) };
}

async function replace(call: AlmaCall): Promise<AlmaAnswer> {
  const key = keyOf(call);
  const record = call.body('user', '401676');
  const user = await withUserErrors(
    () =>
      call.perform(replaceUserRecord, {
        ...userInput(key),
        record,
        override: [...call.query.list('override')],
        recalculate_roles: call.query.flag('recalculate_roles'),
      }),
    key,
  );
  return { root: 'user', value: shown(call, user) };
}

function shown(call: AlmaCall, user: Json): Json {
  return withCounts(user, new Set(), call.link);
}
