/** /users/{id}/loans, requests and fees: what another system told of them. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import { type Json, listCirculation } from '../../feeds/index.ts';
import { type AlmaAnswer, type AlmaCall, almaRoute } from '../wire/index.ts';
import { withUserErrors } from './errors.ts';
import { keyOf, userInput } from './keys.ts';

type Answer = Awaited<ReturnType<typeof listCirculation.run>>;
type Item = Answer['items'][number];

interface Kind {
  readonly path: string;
  readonly kind: 'loan' | 'request' | 'fee';
  readonly root: string;
  readonly member: string;
  readonly item: (item: Item, userId: string) => Json;
}

const dateTime = (day: string | null) => (day === null ? null : `${day}T00:00:00.000Z`);

const KINDS: readonly Kind[] = [
  {
    path: 'loans',
    kind: 'loan',
    root: 'item_loans',
    member: 'item_loan',
    item: (item, userId) => ({
      loan_id: item.reference,
      user_id: userId,
      item_barcode: item.barcode,
      title: item.title,
      due_date: dateTime(item.due_on),
      loan_status: 'ACTIVE',
    }),
  },
  {
    path: 'requests',
    kind: 'request',
    root: 'user_requests',
    member: 'user_request',
    item: (item, userId) => ({
      request_id: item.reference,
      user_primary_id: userId,
      title: item.title,
      barcode: item.barcode,
      expiry_date: item.due_on === null ? null : `${item.due_on}Z`,
    }),
  },
  {
    path: 'fees',
    kind: 'fee',
    root: 'fees',
    member: 'fee',
    item: (item, userId) => ({
      id: item.reference,
      type: { value: 'OTHER', desc: 'Other' },
      status: { value: 'ACTIVE', desc: 'Active' },
      user_primary_id: { value: userId, link: null },
      balance: Number(item.amount ?? 0),
      original_amount: Number(item.amount ?? 0),
      title: item.title,
      barcode: item.barcode,
    }),
  },
];

export function circulationRoutes(server: FastifyInstance, app: App): void {
  for (const kind of KINDS) almaRoute(server, app, 'GET', `/users/:id/${kind.path}`, (call) => list(call, kind));
}

async function list(call: AlmaCall, { kind, root, member, item }: Kind): Promise<AlmaAnswer> {
  const key = keyOf(call);
  const answer = await withUserErrors(
    () =>
      call.perform(listCirculation, {
        ...userInput(key),
        kind,
        limit: call.query.number('limit', { min: 0, max: 100, otherwise: 10 }),
        offset: call.query.number('offset', { min: 0, max: 2_000_000_000, otherwise: 0 }),
      }),
    key,
  );
  return {
    root,
    value: {
      [member]: answer.items.map((found) => item(found, answer.primary_id)),
      ...(kind === 'fee' ? { total_sum: Number(answer.sum ?? 0), currency: answer.currency } : {}),
      total_record_count: answer.total,
    },
  };
}
