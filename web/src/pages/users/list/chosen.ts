/** Those who are selected, as the server understands it: a filter, or their ids where the list was searched by words. */
import { api, type CallOptions } from '../../../api/index.ts';
import type { Selection } from '../../../components/index.ts';
import { quoted } from '../../../components/filter/tree.ts';
import type { UsersSearch } from '../routes.ts';
import { wordsOf } from './view-tabs.tsx';

export type Chosen = { readonly where: string } | { readonly ids: readonly string[] };

/** Users that a search by words may find for them to be gone through one by one. */
export const MOST_BY_WORDS = 10_000;
const PAGE = 500;

/** Throws what the server says; with more than `MOST_BY_WORDS` found by words, `RangeError`. */
export async function chosenOf(selection: Selection, search: UsersSearch, total: number, options: CallOptions = {}): Promise<Chosen> {
  if (selection.mode === 'some') return { ids: [...selection.ids] };
  if (search.text === undefined) {
    const where = search.where ?? 'everyone';
    if (selection.except.size === 0) return { where };
    return { where: `(${where}) and not primary_id in (${[...selection.except].map(quoted).join(', ')})` };
  }
  if (total > MOST_BY_WORDS) throw new RangeError(search.text);
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await api('users.list', { ...wordsOf(search), limit: PAGE, ...(after === undefined ? {} : { after }) }, options);
    ids.push(...page.users.map((user) => user.primary_id).filter((id) => !selection.except.has(id)));
    if (page.next === null) return { ids };
    after = page.next;
  }
}

/** The same as a filter, for what takes nothing else. */
export function whereOf(chosen: Chosen): string {
  return 'where' in chosen ? chosen.where : `primary_id in (${chosen.ids.map(quoted).join(', ')})`;
}
