import type { Privilege } from '../api/index.ts';
import { HomeIcon, type Icon, JobIcon, MailIcon, OutboxIcon, PlusIcon, SetIcon, SettingsIcon, UsersIcon } from '../components/icons.tsx';

export interface NavigationItem {
  readonly to: string;
  /** Key in `common.json`. */
  readonly label: 'nav.start' | 'nav.users' | 'nav.sets' | 'nav.new_job' | 'nav.jobs' | 'nav.letters' | 'nav.outbox' | 'nav.administration';
  readonly icon: Icon;
  /** Any of these shows it. */
  readonly needs: readonly Privilege[];
  /** The second key of the shortcut `G …`. */
  readonly key: string;
}

export const NAVIGATION: readonly NavigationItem[] = [
  { to: '/', label: 'nav.start', icon: HomeIcon, needs: [], key: 'S' },
  { to: '/users', label: 'nav.users', icon: UsersIcon, needs: ['users:read'], key: 'U' },
  { to: '/sets', label: 'nav.sets', icon: SetIcon, needs: ['sets:read'], key: 'E' },
  { to: '/jobs/new', label: 'nav.new_job', icon: PlusIcon, needs: ['jobs:run'], key: 'N' },
  { to: '/jobs', label: 'nav.jobs', icon: JobIcon, needs: ['jobs:read'], key: 'J' },
  { to: '/letters', label: 'nav.letters', icon: MailIcon, needs: ['letters:read'], key: 'L' },
  { to: '/outbox', label: 'nav.outbox', icon: OutboxIcon, needs: ['letters:read'], key: 'O' },
];

export const ADMINISTRATION: NavigationItem = {
  to: '/administration',
  label: 'nav.administration',
  icon: SettingsIcon,
  needs: ['settings:read', 'access:read', 'access:keys', 'audit:read', 'users:import'],
  key: 'A',
};

/** The item of an address: the longest that it begins with. */
export function itemOf(path: string): NavigationItem | undefined {
  return [...NAVIGATION, ADMINISTRATION]
    .filter(({ to }) => path === to || (to !== '/' && path.startsWith(`${to}/`)))
    .toSorted((a, b) => b.to.length - a.to.length)[0];
}
