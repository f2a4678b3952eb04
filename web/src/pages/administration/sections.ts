import type { Privilege } from '../../api/index.ts';
import { useCan } from '../../lib/access.ts';

/** What there is to administrate, in the order of the overview. */
export const SECTIONS = [
  {
    group: 'group_access',
    sections: [
      { to: '/administration/roles', title: 'section_roles', about: 'about_roles', needs: 'access:read' },
      { to: '/administration/profiles', title: 'section_profiles', about: 'about_profiles', needs: 'access:read' },
      { to: '/administration/rules', title: 'section_rules', about: 'about_rules', needs: 'access:read' },
      { to: '/administration/keys', title: 'section_keys', about: 'about_keys', needs: 'access:keys' },
      { to: '/administration/providers', title: 'section_providers', about: 'about_providers', needs: 'access:read' },
      { to: '/administration/sessions', title: 'section_sessions', about: 'about_sessions', needs: 'access:sign-in' },
    ],
  },
  {
    group: 'group_library',
    sections: [
      { to: '/administration/library', title: 'section_library', about: 'about_library', needs: 'settings:read' },
      { to: '/administration/code-tables', title: 'section_code_tables', about: 'about_code_tables', needs: 'settings:read' },
      { to: '/administration/channels', title: 'section_channels', about: 'about_channels', needs: 'settings:read' },
      { to: '/administration/letter-frame', title: 'section_letter_frame', about: 'about_letter_frame', needs: 'settings:read' },
    ],
  },
  {
    group: 'group_system',
    sections: [
      { to: '/administration/feeds', title: 'section_feeds', about: 'about_feeds', needs: 'users:import' },
      { to: '/administration/import', title: 'section_import', about: 'about_import', needs: 'users:import' },
      { to: '/administration/webhooks', title: 'section_webhooks', about: 'about_webhooks', needs: 'settings:read' },
      { to: '/administration/audit', title: 'section_audit', about: 'about_audit', needs: 'audit:read' },
      { to: '/administration/retention', title: 'section_retention', about: 'about_retention', needs: 'settings:read' },
      { to: '/administration/erasures', title: 'section_erasures', about: 'about_erasures', needs: 'users:delete' },
      { to: '/administration/health', title: 'section_health', about: 'about_health', needs: 'settings:read' },
    ],
  },
] as const satisfies readonly {
  readonly group: string;
  readonly sections: readonly { readonly to: string; readonly title: string; readonly about: string; readonly needs: Privilege }[];
}[];

/** What of it this person may see; groups without anything fall away. */
export function useSections() {
  const can = useCan();
  return SECTIONS.map(({ group, sections }) => ({ group, sections: sections.filter(({ needs }) => can(needs)) })).filter(
    ({ sections }) => sections.length > 0,
  );
}
