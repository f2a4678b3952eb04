import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const setsRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets',
    staticData: { needs: 'sets:read' },
    validateSearch: setsSearch,
  }).lazy(() =>
    page(
      'sets',
      () => import('./sets-page.tsx'),
      (module) => module.SetsPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets/new',
    staticData: { needs: 'sets:write' },
    validateSearch: newSetSearch,
  }).lazy(() =>
    page(
      ['sets', 'filter'],
      () => import('./new-set-page.tsx'),
      (module) => module.NewSetPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets/combine',
    staticData: { needs: 'sets:write' },
    validateSearch: combineSearch,
  }).lazy(() =>
    page(
      'sets',
      () => import('./combine-page.tsx'),
      (module) => module.CombinePage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sets/$id',
    staticData: { needs: 'sets:read' },
    validateSearch: setSearch,
  }).lazy(() =>
    page(
      ['sets', 'filter'],
      () => import('./set-page.tsx'),
      (module) => module.SetPage,
    ),
  ),
] as const;

export interface SetsSearch {
  /** One's own, or those for everybody; without, all that one may see. */
  readonly whose?: 'mine' | 'public';
  readonly kind?: 'itemized' | 'logical';
  readonly text?: string;
}

function setsSearch({ whose, kind, text }: Record<string, unknown>): SetsSearch {
  return {
    ...(whose === 'mine' || whose === 'public' ? { whose } : {}),
    ...(kind === 'itemized' || kind === 'logical' ? { kind } : {}),
    ...textOf(text),
  };
}

/** A number in an address is read as one. */
function textOf(text: unknown): { readonly text?: string } {
  return (typeof text === 'string' && text !== '') || typeof text === 'number' ? { text: String(text) } : {};
}

export const WAYS = ['filter', 'file', 'run'] as const;
export type Way = (typeof WAYS)[number];
export const OUTCOMES_OF_RUNS = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;
export type OutcomeOfRun = (typeof OUTCOMES_OF_RUNS)[number];

export interface NewSetSearch {
  /** The filter to begin with. */
  readonly where?: string;
  /** How it is made. */
  readonly from?: Way;
  readonly run?: number;
  readonly outcome?: OutcomeOfRun;
  /** Code of a reason: only those who were skipped, failed or are in conflict for it. */
  readonly reason?: string;
}

function newSetSearch(given: Record<string, unknown>): NewSetSearch {
  const { where, run, reason } = given;
  const from = WAYS.find((each) => each === given['from']);
  const outcome = OUTCOMES_OF_RUNS.find((each) => each === given['outcome']);
  return {
    ...(typeof where === 'string' && where !== '' ? { where } : {}),
    ...(from === undefined ? {} : { from }),
    ...(typeof run === 'number' ? { run } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

/** What of two sets is kept. */
export const KEEPS = ['both', 'either', 'a', 'b', 'one'] as const;
export type Keep = (typeof KEEPS)[number];

export interface CombineSearch {
  /** Numbers of the two sets. */
  readonly a?: number;
  readonly b?: number;
  readonly keep?: Keep;
}

function combineSearch({ a, b, keep }: Record<string, unknown>): CombineSearch {
  const kept = KEEPS.find((each) => each === keep);
  return {
    ...(typeof a === 'number' ? { a } : {}),
    ...(typeof b === 'number' ? { b } : {}),
    ...(kept === undefined ? {} : { keep: kept }),
  };
}

export const REASONS = ['not_found', 'duplicate', 'ambiguous'] as const;
export type Reason = (typeof REASONS)[number];

export interface SetSearch {
  /** Words that members are searched by. */
  readonly text?: string;
  /** Which lines of the file are listed. */
  readonly lines?: Reason;
}

function setSearch({ text, lines }: Record<string, unknown>): SetSearch {
  const reason = REASONS.find((each) => each === lines);
  return { ...textOf(text), ...(reason === undefined ? {} : { lines: reason }) };
}
