/** The institution and its libraries, as far as clients for users read them. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import { readSetting } from '../../core/index.ts';
import type { Json } from '../../feeds/index.ts';
import { showCodeTable } from '../../users/index.ts';
import { INSTITUTION } from '../test-routes.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError } from '../wire/index.ts';
import { confRoute } from './route.ts';
import { coded } from './values.ts';

const NO_NUMBERS = {};

export function placeRoutes(server: FastifyInstance, app: App): void {
  confRoute(server, app, 'GET', '/general', NO_NUMBERS, general);
  confRoute(server, app, 'GET', '/libraries', NO_NUMBERS, list);
  confRoute(server, app, 'GET', '/libraries/:library', NO_NUMBERS, async (call) => ({ root: 'library', value: await libraryOf(call) }));
  confRoute(server, app, 'GET', '/libraries/:library/circ-desks', NO_NUMBERS, async (call) => {
    await libraryOf(call);
    return { root: 'circ_desks', value: { circ_desk: [], total_record_count: 0 } };
  });
  confRoute(server, app, 'GET', '/departments', NO_NUMBERS, async () => ({
    root: 'departments',
    value: { department: [], total_record_count: 0 },
  }));
}

async function general(call: AlmaCall): Promise<AlmaAnswer> {
  const code = await readSetting(call.ctx.db.pool, INSTITUTION);
  const address = call.ctx.publicUrl ?? '';
  return {
    root: 'general',
    value: {
      institution: coded(code),
      customer: coded(code),
      alma_url: address,
      environment_type: coded('PRODUCTION', 'Production'),
      time_zone: call.ctx.timeZone,
    },
  };
}

async function libraries(call: AlmaCall): Promise<Json[]> {
  const { codes } = await call.perform(showCodeTable, { table: 'Libraries' });
  return codes.filter((each) => each.enabled).map((each) => shapeOf(call, each.code, each.label_en));
}

async function list(call: AlmaCall): Promise<AlmaAnswer> {
  const library = await libraries(call);
  return { root: 'libraries', value: { library, total_record_count: library.length } };
}

async function libraryOf(call: AlmaCall): Promise<Json> {
  const found = (await libraries(call)).find((each) => each['code'] === call.path('library'));
  if (found === undefined) throw new AlmaError('402469', 'The library code is not valid.');
  return found;
}

function shapeOf(call: AlmaCall, code: string, name: string): Json {
  const link = call.link(`/conf/libraries/${encodeURIComponent(code)}`);
  return {
    link,
    id: code,
    code,
    name,
    description: name,
    resource_sharing: { value: null, desc: null },
    campus: { value: null, desc: null },
    number_of_circ_desks: { value: 0, link: `${link}/circ-desks` },
  };
}
