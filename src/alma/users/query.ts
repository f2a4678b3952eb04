/** The `q` of a list of users: `last_name~Smith AND user_group~01`; `_` stands for a space, `*` for anything. */
import { QUERY_FIELDS, type QueryField } from '../../feeds/index.ts';
import { AlmaError } from '../wire/index.ts';

export interface Condition {
  readonly field: QueryField;
  readonly text: string;
}

const MOST = 20;

/** @throws AlmaError 402119 that names what is wrong */
export function readUserQuery(q: string): readonly Condition[] {
  if (q.length > 4_000) throw wrong('it is too long');
  const parts = q.split(/\s+AND\s+|_AND_(?=[a-zA-Z_]+~)/);
  if (parts.length > MOST) throw wrong(`it has more than ${MOST} conditions`);
  const conditions = parts.map((part): Condition => {
    const at = part.indexOf('~');
    if (at < 0) throw wrong(`${part.slice(0, 60)} is not of the form field~value`);
    const name = part.slice(0, at).trim();
    const field = QUERY_FIELDS.find((known) => known === name || (known === 'ALL' && name.toUpperCase() === 'ALL'));
    if (field === undefined) throw wrong(`${name.slice(0, 60)} is not a field; fields are ${QUERY_FIELDS.join(', ')}`);
    const text = part
      .slice(at + 1)
      .replaceAll('_', ' ')
      .trim();
    if (text === '') throw wrong(`${field} has no value`);
    return { field, text };
  });
  if (conditions.length > 1 && conditions.some(({ field }) => field === 'ALL')) throw wrong('ALL cannot be combined with AND');
  return conditions;
}

function wrong(reason: string): AlmaError {
  return new AlmaError('402119', `General error: the query is not valid, ${reason}.`);
}
