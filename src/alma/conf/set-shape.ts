/** Sets and their members as Alma shows them. */
import type { Json } from '../../feeds/index.ts';
import type { Member, SetView } from '../../sets/index.ts';
import { coded, dayOf, momentOf, pathPart, yesNo } from './values.ts';

export type Link = (path: string) => string;

/** A set of a list; a list does not say how many members each has. */
export function listedSet(set: SetView, link: Link): Json {
  return {
    link: link(`/conf/sets/${set.id}`),
    id: String(set.id),
    name: set.name,
    description: set.description ?? '',
    type: set.kind === 'itemized' ? coded('ITEMIZED', 'Itemized') : coded('LOGICAL', 'Logical'),
    content: coded('USER', 'User'),
    private: yesNo(set.private),
    status: coded('ACTIVE', 'Active'),
    status_date: dayOf(set.modified_at),
    created_by: coded(set.owner),
    created_date: momentOf(set.created_at),
    query: set.where === null ? { value: null, desc: null } : coded(set.where),
    members: null,
    origin: coded('UI', 'Institution only'),
  };
}

export function wholeSet(set: SetView, link: Link): Json {
  const { members, origin, ...rest } = listedSet(set, link);
  return { ...rest, number_of_members: { value: set.members ?? 0, link: link(`/conf/sets/${set.id}/members`) }, members, origin };
}

export function memberOf(member: Member, link: Link): Json {
  return {
    link: link(`/users/${pathPart(member.primary_id)}`),
    id: member.primary_id,
    description: [member.first_name, member.last_name].filter((name) => name !== null && name !== '').join(' '),
  };
}
