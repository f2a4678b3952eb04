/** Alma's views of a user, made of the whole record. */
import type { Json } from '../../feeds/index.ts';
import { AlmaError, type AlmaQuery } from '../wire/index.ts';

const EXPANDED = ['loans', 'requests', 'fees'] as const;
type Expanded = (typeof EXPANDED)[number];

/** Which counts are asked for. @throws AlmaError 401666 */
export function expandOf(query: AlmaQuery): ReadonlySet<Expanded> {
  const words = query.list('expand').filter((word) => word !== 'none');
  const known = EXPANDED.filter((name) => words.includes(name));
  const wrong = words.find((word) => !(EXPANDED as readonly string[]).includes(word) && word !== 'full');
  if (wrong !== undefined) throw new AlmaError('401666', `Parameter value is not valid: expand=${wrong.slice(0, 60)}.`);
  return new Set(known);
}

/** Counts are shown where they are asked for, with a link to their list; else they are null. */
export function withCounts(user: Json, expand: ReadonlySet<Expanded>, link: (path: string) => string): Json {
  const id = encodeURIComponent(String(user['primary_id'] ?? ''));
  const counts = EXPANDED.map((name): [Expanded, unknown] => {
    if (!expand.has(name)) return [name, null];
    const known = user[name];
    const value = typeof known === 'object' && known !== null && 'value' in known ? known.value : 0;
    return [name, { value, link: link(`/users/${id}/${name}`) }];
  });
  return { ...user, ...Object.fromEntries(counts) };
}

/** Lists that a brief view leaves empty. */
const LEFT_OUT = [
  'user_identifier',
  'user_role',
  'user_block',
  'user_note',
  'user_statistic',
  'proxy_for_user',
  'rs_library',
  'library_notice',
];

export function briefView(user: Json): Json {
  return {
    ...user,
    contact_info: { address: [], email: [], phone: [] },
    ...Object.fromEntries(LEFT_OUT.filter((name) => name in user).map((name) => [name, []])),
  };
}
