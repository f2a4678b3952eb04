/** What clients send as a set. */
import type { Json } from '../../feeds/index.ts';
import { AlmaError } from '../wire/index.ts';
import { textOf } from './values.ts';

/** Most members that one call may carry. */
const MOST_MEMBERS = 1_000;

/** Name, description and privacy, as far as they are given. */
export interface SetHead {
  readonly name?: string;
  readonly description?: string;
  readonly private?: boolean;
}

export function headOf(set: Json): SetHead {
  const name = textOf(set['name']);
  const description = set['description'];
  const secret = textOf(set['private'])?.toLowerCase();
  if (secret !== undefined && secret !== 'true' && secret !== 'false') {
    throw new AlmaError('40166411', `Invalid parameter private: ${secret.slice(0, 40)}`);
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(typeof description === 'string' ? { description } : {}),
    ...(secret === undefined ? {} : { private: secret === 'true' }),
  };
}

/** A set that is made needs a name. */
export function namedHead(set: Json): SetHead & { readonly name: string } {
  const { name, ...rest } = headOf(set);
  if (name === undefined) throw new AlmaError('402261', 'Set name is missing.');
  return { ...rest, name };
}

/** The ids of `members.member`; undefined when the set does not speak of members. */
export function memberIds(set: Json): string[] | undefined {
  const members = set['members'];
  if (typeof members !== 'object' || members === null) return undefined;
  const member: unknown = 'member' in members ? members.member : members;
  const list: readonly unknown[] = Array.isArray(member)
    ? member
    : typeof member === 'object' && member !== null && 'id' in member
      ? [member]
      : [];
  if (list.length > MOST_MEMBERS)
    throw new AlmaError('60118', `Input set member list exceeds limit: ${list.length}, at most ${MOST_MEMBERS}.`);
  return list.map((each) => {
    const id = typeof each === 'object' && each !== null && 'id' in each ? textOf(each.id) : undefined;
    if (id === undefined) throw new AlmaError('60114', 'Input set with no member ID.');
    return id;
  });
}

/** What must be USER wherever it is said. */
export function checkContent(set: Json): void {
  const content = textOf(set['content']);
  if (content !== undefined && content.toUpperCase() !== 'USER') {
    throw new AlmaError('402262', `Set content type is invalid: ${content.slice(0, 40)}. Only sets of USER are supported.`);
  }
}
