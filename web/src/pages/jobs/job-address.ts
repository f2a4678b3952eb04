import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { JobSearch } from './routes.ts';

const route = getRouteApi('/jobs/$id');

/** What the address of a run's page says beside its number, and how to say something else; the page stays where it is. */
export function useJobAddress(): readonly [
  JobSearch,
  (changed: { readonly [name in keyof JobSearch]: JobSearch[name] | undefined }) => void,
] {
  const search = route.useSearch();
  const { id } = route.useParams();
  const navigate = useNavigate();
  return [
    search,
    (changed) => {
      const next: JobSearch = Object.fromEntries(Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined));
      void navigate({ to: '/jobs/$id', params: { id }, search: next, replace: true, resetScroll: false });
    },
  ];
}

/** Brings a part of the page into view, once what was chosen is drawn. */
export function showPart(id: 'undo' | 'users'): void {
  requestAnimationFrame(() => document.querySelector(`#${id}`)?.scrollIntoView({ block: 'start', behavior: 'smooth' }));
}
