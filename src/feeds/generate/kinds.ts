import type { Days } from './days.ts';
import type { Random } from './random.ts';

/** What kind of person a sample user is, which decides most of the record. */
export interface Kind {
  readonly group: string;
  /** Owned by the student information system (external) or by the library (internal). */
  readonly external: boolean;
  readonly ages: readonly [number, number];
  readonly campuses: boolean;
  readonly expiry: 'class' | 'contract' | 'card' | 'never';
  readonly degree: string | null;
}

function kind(
  group: string,
  external: boolean,
  ages: readonly [number, number],
  expiry: Kind['expiry'],
  degree: string | null = null,
): Kind {
  return { group, external, ages, campuses: external, expiry, degree };
}

export const LIBRARY_STAFF = kind('LIBRARY', false, [20, 64], 'never');

/** Seventy of a hundred come from the student information system. */
const KINDS = [
  [34, kind('UNDERGRAD', true, [18, 24], 'class', 'Undergraduate')],
  [17, kind('GRAD', true, [22, 29], 'class', 'Graduate')],
  [6, kind('DOCTORAL', true, [25, 36], 'contract', 'Doctoral')],
  [2, kind('EXCHANGE', true, [20, 27], 'contract')],
  [5, kind('FACULTY', true, [30, 67], 'never')],
  [5, kind('STAFF', true, [20, 66], 'never')],
  [1, kind('VISITING', true, [28, 70], 'contract')],
  [10, kind('ALUMNI', false, [24, 80], 'card')],
  [12, kind('CITY', false, [16, 88], 'card')],
  [4, kind('EXTERNAL', false, [20, 75], 'card')],
  [3, kind('PUPIL', false, [14, 19], 'card')],
  [1, kind('EMERITUS', false, [66, 92], 'never')],
] as const satisfies readonly (readonly [number, Kind])[];

export function pickKind(random: Random): Kind {
  return random.weighted<Kind>(KINDS);
}

/** Expiry date and job description; a class shares both, so that it makes a set. */
export function termOf(kind: Kind, random: Random, days: Days): { expiry: string | null; jobDescription: string | null } {
  switch (kind.expiry) {
    case 'class': {
      // From those who left a year ago to those who have just come.
      const year = days.year + random.integer(-1, 4);
      return { expiry: `${year}-09-30`, jobDescription: `Class of ${year}` };
    }
    case 'contract':
      return { expiry: days.after(random.integer(-180, 900)), jobDescription: null };
    case 'card':
      return { expiry: days.after(random.integer(-420, 420)), jobDescription: null };
    case 'never':
      return { expiry: random.chance(0.8) ? days.after(random.integer(-60, 1800)) : null, jobDescription: null };
  }
}

/** Staff roles with the parameter that some of them need; each member of staff has one of these sets. */
export interface StaffRole {
  readonly type: string;
  readonly scope: string;
  readonly parameter: { readonly type: string; readonly scope: string; readonly value: string } | null;
}

function role(type: string, scope = 'INSTITUTION', parameter: StaffRole['parameter'] = null): StaffRole {
  return { type, scope, parameter };
}

function deskRole(type: string, scope: string, desk: string): StaffRole {
  return role(type, scope, { type: 'CirculationDesk', scope, value: desk });
}

export interface StaffPost {
  readonly category: string;
  readonly description: string;
  readonly roles: readonly StaffRole[];
}

/** The first two are those who may change users, so every sample library has both from its 400th user on. */
const POSTS = [
  { category: 'Administration', description: 'User administration', roles: [role('50'), role('21'), role('26'), role('57')] },
  { category: 'Circulation', description: 'Head of user services', roles: [role('21'), deskRole('221', 'MAIN', 'DEFAULT_CIRC_DESK')] },
  {
    category: 'Circulation',
    description: 'Service desk',
    roles: [deskRole('32', 'MAIN', 'DEFAULT_CIRC_DESK'), deskRole('51', 'MAIN', 'DEFAULT_CIRC_DESK')],
  },
  { category: 'Circulation', description: 'Service desk, evenings', roles: [deskRole('299', 'MED', 'MED_DESK')] },
  { category: 'Cataloger', description: 'Cataloguing', roles: [role('204', 'MAIN'), role('210', 'MAIN')] },
  {
    category: 'Acquisitions',
    description: 'Acquisitions',
    roles: [role('54', 'MAIN'), role('37', 'MAIN', { type: 'ServiceUnit', scope: 'MAIN', value: 'AcqDept' }), role('34')],
  },
  { category: 'Electronic', description: 'Electronic resources', roles: [role('209'), role('41'), role('244')] },
  { category: 'Reference', description: 'Subject librarian', roles: [role('46'), role('231', 'LAW')] },
] as const satisfies readonly [StaffPost, ...StaffPost[]];

const STAFF_EVERY = 333;

/** However large a library is, a handful of people look after its system: those among so many first users. */
const SYSTEM_ADMINISTRATORS_AMONG = 10_000;

/** The post of sample user number `n` (from 1), or null for the 997 of a thousand who have none. */
export function postOf(n: number): StaffPost | null {
  if (n % STAFF_EVERY !== 1) return null;
  const post = POSTS[Math.floor(n / STAFF_EVERY) % POSTS.length] ?? null;
  if (post === null || n <= SYSTEM_ADMINISTRATORS_AMONG) return post;
  return { ...post, roles: post.roles.filter((held) => held.type !== '26') };
}
