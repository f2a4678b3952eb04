import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';
import { feedRoutes } from './feeds/routes.ts';

export const administrationRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: '/administration', staticData: {} }).lazy(() =>
    page(
      'administration',
      () => import('./administration-page.tsx'),
      (module) => module.AdministrationPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/administration/roles',
    staticData: { needs: 'access:read' },
    validateSearch: rolesSearch,
  }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./roles/roles-page.tsx'),
      (module) => module.RolesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/profiles', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./profiles/profiles-page.tsx'),
      (module) => module.ProfilesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/rules', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access', 'filter'],
      () => import('./rules/rules-page.tsx'),
      (module) => module.RulesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/keys', staticData: { needs: 'access:keys' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./keys/keys-page.tsx'),
      (module) => module.KeysPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/providers', staticData: { needs: 'access:read' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./providers/providers-page.tsx'),
      (module) => module.ProvidersPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/sessions', staticData: { needs: 'access:sign-in' } }).lazy(() =>
    page(
      ['administration', 'admin-access'],
      () => import('./sessions/sessions-page.tsx'),
      (module) => module.SessionsPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/library', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./library/library-page.tsx'),
      (module) => module.LibraryPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/administration/code-tables',
    staticData: { needs: 'settings:read' },
    validateSearch: tableSearch,
  }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./code-tables/code-tables-page.tsx'),
      (module) => module.CodeTablesPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/channels', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./channels/channels-page.tsx'),
      (module) => module.ChannelsPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/letter-frame', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-library'],
      () => import('./letter-frame/letter-frame-page.tsx'),
      (module) => module.LetterFramePage,
    ),
  ),
  ...feedRoutes,
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/import', staticData: { needs: 'users:import' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./import/import-page.tsx'),
      (module) => module.ImportPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/administration/webhooks',
    staticData: { needs: 'settings:read' },
    validateSearch: webhooksSearch,
  }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./webhooks/webhooks-page.tsx'),
      (module) => module.WebhooksPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/administration/audit',
    staticData: { needs: 'audit:read' },
    validateSearch: auditSearch,
  }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./audit/audit-page.tsx'),
      (module) => module.AuditPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/retention', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./retention/retention-page.tsx'),
      (module) => module.RetentionPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/erasures', staticData: { needs: 'users:delete' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./erasures/erasures-page.tsx'),
      (module) => module.ErasuresPage,
    ),
  ),
  createRoute({ getParentRoute: () => rootRoute, path: '/administration/health', staticData: { needs: 'settings:read' } }).lazy(() =>
    page(
      ['administration', 'admin-system'],
      () => import('./health/health-page.tsx'),
      (module) => module.HealthPage,
    ),
  ),
] as const;

const DAY = /^\d{4}-\d\d-\d\d$/;
type Given = Record<string, unknown>;

/** Those that are words in the address; a number in it is read as one. */
function words<const Name extends string>(given: Given, ...names: readonly Name[]): { readonly [Each in Name]?: string } {
  const found = names.flatMap((name) => {
    const value = given[name];
    return (typeof value === 'string' || typeof value === 'number') && value !== '' ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(found) as { readonly [Each in Name]?: string }; // of those very names
}

function rolesSearch(given: Given): { readonly view?: 'holders'; readonly role?: string; readonly patrons?: true } {
  return {
    ...(given['view'] === 'holders' ? { view: 'holders' } : {}),
    ...words(given, 'role'),
    ...(given['patrons'] === true ? { patrons: true } : {}),
  };
}

function tableSearch(given: Given): { readonly table?: string } {
  return words(given, 'table');
}

function webhooksSearch(given: Given): { readonly webhook?: number; readonly state?: 'waiting' | 'delivered' | 'failed' } {
  const { webhook, state } = given;
  return {
    ...(typeof webhook === 'number' && Number.isSafeInteger(webhook) ? { webhook } : {}),
    ...(state === 'waiting' || state === 'delivered' || state === 'failed' ? { state } : {}),
  };
}

export interface AuditSearch {
  readonly actor?: string;
  readonly operation?: string;
  readonly entity?: string;
  readonly id?: string;
  readonly text?: string;
  readonly outcome?: 'done' | 'refused' | 'failed';
  readonly from?: string;
  readonly to?: string;
}

function auditSearch(given: Given): AuditSearch {
  const { outcome, from, to } = given;
  return {
    ...words(given, 'actor', 'operation', 'entity', 'id', 'text'),
    ...(outcome === 'done' || outcome === 'refused' || outcome === 'failed' ? { outcome } : {}),
    ...(typeof from === 'string' && DAY.test(from) ? { from } : {}),
    ...(typeof to === 'string' && DAY.test(to) ? { to } : {}),
  };
}
