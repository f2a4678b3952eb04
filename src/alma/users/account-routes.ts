/** Deleting a user, asking for a password, and the user behind the key. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import { AppError } from '../../core/index.ts';
import { authenticateUser, showUser } from '../../feeds/index.ts';
import { eraseUser, personalData } from '../../runs/index.ts';
import { readWhole } from '../../users/index.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError, almaRoute, hasBody, unauthorized } from '../wire/index.ts';
import { withUserErrors } from './errors.ts';
import { keyOf, type PathKey, userInput } from './keys.ts';
import { withCounts } from './view.ts';

export function accountRoutes(server: FastifyInstance, app: App): void {
  almaRoute(server, app, 'DELETE', '/users/:id', erase);
  almaRoute(server, app, 'POST', '/users/:id', act);
  almaRoute(server, app, 'GET', '/users/:id/personal-data', handOut);
  almaRoute(server, app, 'GET', '/users/ME', readOwn);
}

/** Erased for good; what is not the caller's to erase, or still has loans, is refused. */
async function erase(call: AlmaCall): Promise<AlmaAnswer> {
  const key = keyOf(call);
  const user = await withUserErrors(() => existing(call, key), key);
  try {
    await call.perform(eraseUser, { user, confirm: user });
  } catch (error) {
    if (error instanceof AppError && (error.code.startsWith('privacy.') || error.code === 'access.last_administrator')) {
      throw new AlmaError('401850', `Failed to delete user with identifier ${key.id}: ${error.message}`);
    }
    throw error;
  }
  return 'nothing';
}

async function existing(call: AlmaCall, key: PathKey): Promise<string> {
  const user = await readWhole(call.ctx.db.pool, { key: key.id, type: key.type });
  if (user === undefined) throw new AppError('users.not_found', { id: key.id });
  return String(user.fields.primary_id);
}

async function act(call: AlmaCall): Promise<AlmaAnswer> {
  const key = keyOf(call);
  const op = call.query.text('op') ?? 'auth';
  if (op === 'refresh') {
    // There is nobody to refresh it from: the record that is here is the newest.
    await withUserErrors(() => call.perform(showUser, userInput(key)), key);
    return 'nothing';
  }
  if (op !== 'auth') throw new AlmaError('40166411', `Parameter value is not valid: op=${op.slice(0, 60)}.`);
  const wrong = new AlmaError('401866', 'User authentication failed.');
  const password = passwordOf(call);
  if (password === undefined) throw wrong;
  // A type that is named has to fit; else whatever the user signs in with will do.
  const user = key.type === undefined ? key.id : await existing(call, key).catch(() => undefined);
  if (user === undefined || user.trim() === '') throw wrong;
  try {
    await call.perform(authenticateUser, { user, password });
  } catch (error) {
    if (error instanceof AppError && REFUSED.has(error.code)) throw wrong;
    throw error;
  }
  return 'nothing';
}

const REFUSED: ReadonlySet<string> = new Set(['access.bad_credentials', 'access.locked', 'access.account_ended', 'input.invalid']);

/** In a header since 2017, before that in the query; some send it in the body. */
function passwordOf(call: AlmaCall): string | undefined {
  const header = call.request.headers['exl-user-pw'];
  if (typeof header === 'string' && header !== '') return header;
  const inQuery = call.query.text('password');
  if (inQuery !== undefined) return inQuery;
  if (!hasBody(call.request)) return undefined;
  const { password } = call.body('user');
  return typeof password === 'string' && password !== '' ? password : undefined;
}

/** Everything that is held on the person, in Muster's own words: Alma's are not known. */
async function handOut(call: AlmaCall): Promise<AlmaAnswer> {
  const key = keyOf(call);
  const user = await withUserErrors(() => existing(call, key), key);
  const { data } = await call.perform(personalData, { user });
  return { root: 'personal_data', value: { ...data } };
}

/** The user to whom the key belongs. */
async function readOwn(call: AlmaCall): Promise<AlmaAnswer> {
  const { actor } = call.ctx;
  if (actor.kind !== 'user') throw unauthorized();
  const user = await withUserErrors(() => call.perform(showUser, { user: actor.name }));
  return { root: 'user', value: withCounts(user, new Set(), call.link) };
}
