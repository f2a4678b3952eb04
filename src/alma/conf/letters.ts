/** Letters: the notification types that users are written to about. Their wording is Muster's own, in Markdown. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import type { Json } from '../../feeds/index.ts';
import {
  listNotificationTypes,
  listTexts,
  type NotificationType,
  showNotificationType,
  updateNotificationType,
} from '../../letters/index.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError } from '../wire/index.ts';
import { confRoute, type Numbers } from './route.ts';
import { coded, dayOf, textOf, yesNo } from './values.ts';

const NUMBERS: Numbers = { 'letters.': ['60105'], 'input.invalid': ['60105'] };

export function letterRoutes(server: FastifyInstance, app: App): void {
  confRoute(server, app, 'GET', '/letters', NUMBERS, list);
  confRoute(server, app, 'GET', '/letters/:letter', NUMBERS, show);
  confRoute(server, app, 'PUT', '/letters/:letter', NUMBERS, update);
}

async function list(call: AlmaCall): Promise<AlmaAnswer> {
  // Components of letters, such as headers, are Muster's frames and snippets, which have no letter's attributes.
  if (call.query.text('type')?.toUpperCase() === 'COMPONENT') return { root: 'letters', value: { letter: [], total_record_count: 0 } };
  const { types } = await call.perform(listNotificationTypes, {});
  const changed = await lastChanges(call);
  return { root: 'letters', value: { letter: types.map((type) => letterOf(call, type, changed)), total_record_count: types.length } };
}

async function show(call: AlmaCall): Promise<AlmaAnswer> {
  const type = await call.perform(showNotificationType, { code: call.path('letter') });
  return { root: 'letter', value: letterOf(call, type, await lastChanges(call)) };
}

/**
 * Takes what a notification type has of a letter's attributes: name, description, enabled and retention_period.
 * Its labels and XSL have no counterpart, and are left aside. As Alma does, it takes XML only.
 */
async function update(call: AlmaCall): Promise<AlmaAnswer> {
  if (/json/i.test(call.request.headers['content-type'] ?? '')) throw new AlmaError('60105', 'Letters are updated with XML only.');
  const letter = call.body('letter', '60105');
  const given = textOf(letter['code']);
  const code = call.path('letter');
  if (given !== undefined && given.toUpperCase() !== code.toUpperCase()) {
    throw new AlmaError('60105', `The letter's code ${given} is not that of the address, ${code}.`);
  }
  const name = textOf(letter['name']);
  const description = textOf(letter['description']);
  const enabled = textOf(letter['enabled']);
  const period = textOf(letter['retention_period']);
  const german = call.ctx.language === 'de';
  const type = await call.perform(updateNotificationType, {
    code,
    ...(name !== undefined && { [german ? 'label_de' : 'label_en']: name }),
    ...('description' in letter && { [german ? 'description_de' : 'description_en']: description ?? null }),
    ...(enabled !== undefined && { active: /^(?:true|yes|1)$/i.test(enabled) }),
    ...('retention_period' in letter && { keep_days: period === undefined ? null : Number(period) }),
  });
  return { root: 'letter', value: letterOf(call, type, await lastChanges(call)) };
}

interface Change {
  readonly at: string;
  readonly by: string;
}

/** Notification type → who saved the newest version of any of its letters, and when. */
async function lastChanges(call: AlmaCall): Promise<ReadonlyMap<string, Change>> {
  const { texts } = await call.perform(listTexts, { kind: 'letter' });
  const changes = new Map<string, Change>();
  for (const text of texts) {
    const known = changes.get(text.code);
    if (known === undefined || known.at < text.modified_at) changes.set(text.code, { at: text.modified_at, by: text.modified_by });
  }
  return changes;
}

function letterOf(call: AlmaCall, type: NotificationType, changes: ReadonlyMap<string, Change>): Json {
  const german = call.ctx.language === 'de';
  const letter = changes.get(type.code);
  const own = { at: type.modified_at, by: type.modified_by };
  const last = letter === undefined || (own.by !== null && own.at > letter.at) ? own : letter;
  return {
    link: call.link(`/conf/letters/${encodeURIComponent(type.code)}`),
    code: type.code,
    name: german ? type.label_de : type.label_en,
    description: (german ? type.description_de : type.description_en) ?? '',
    enabled: yesNo(type.active),
    channel: coded('EMAIL', 'Email'),
    retention_period: type.keep_days,
    customized: yesNo(last.by !== null && last.by !== 'muster'),
    patron_facing: yesNo(true),
    updated_by: last.by,
    update_date: dayOf(last.at),
  };
}
