/** Letters: the notification types that users are written to about. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import type { Json } from '../../feeds/index.ts';
import { listLetters, showLetter } from '../../letters/index.ts';
import type { AlmaAnswer, AlmaCall } from '../wire/index.ts';
import { confRoute, type Numbers } from './route.ts';
import { coded, dayOf, yesNo } from './values.ts';

const NUMBERS: Numbers = { 'letters.': ['60105'], 'input.invalid': ['60105'] };

export function letterRoutes(server: FastifyInstance, app: App): void {
  confRoute(server, app, 'GET', '/letters', NUMBERS, list);
  confRoute(server, app, 'GET', '/letters/:letter', NUMBERS, show);
}

/** The notification type of a letter, as far as Alma's letters have its parts. */
interface Type {
  readonly type: string;
  readonly label: string;
  readonly description: string | null;
  readonly active: boolean;
}

async function list(call: AlmaCall): Promise<AlmaAnswer> {
  // Components of letters, such as headers, are parts of each letter's own text here.
  if (call.query.text('type')?.toUpperCase() === 'COMPONENT') return { root: 'letters', value: { letter: [], total_record_count: 0 } };
  const { types } = await call.perform(listLetters, {});
  return { root: 'letters', value: { letter: types.map((type) => headOf(call, type)), total_record_count: types.length } };
}

async function show(call: AlmaCall): Promise<AlmaAnswer> {
  const letter = await call.perform(showLetter, { type: call.path('letter') });
  const last = letter.letters
    .map((each) => each.modified_at)
    .sort()
    .at(-1);
  const by = letter.letters.find((each) => each.modified_at === last)?.modified_by ?? null;
  return { root: 'letter', value: { ...headOf(call, letter), updated_by: by, update_date: last === undefined ? null : dayOf(last) } };
}

function headOf(call: AlmaCall, type: Type): Json {
  return {
    link: call.link(`/conf/letters/${encodeURIComponent(type.type)}`),
    code: type.type,
    name: type.label,
    description: type.description ?? '',
    enabled: yesNo(type.active),
    channel: coded('EMAIL', 'Email'),
    retention_period: null,
    customized: yesNo(true),
    patron_facing: yesNo(true),
  };
}
