/** Lists that somebody comes back to: what is searched for, filter, order, columns. They stay in this browser, apart for each person. */
import { useEffect, useState } from 'react';
import type { UsersSearch } from '../routes.ts';

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly search: UsersSearch;
  readonly columns: readonly string[];
}

export interface SavedViews {
  readonly views: readonly SavedView[];
  save(name: string, search: UsersSearch, columns: readonly string[]): void;
  remove(id: string): void;
}

const MOST = 12;

export function useSavedViews(owner: string): SavedViews {
  const key = `muster.users-views.${owner}`;
  const [views, setViews] = useState<readonly SavedView[]>(() => read(key));
  useEffect(() => {
    const onStorage = (event: StorageEvent): void => {
      if (event.key === key) setViews(read(key));
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }, [key]);
  const put = (next: readonly SavedView[]): void => {
    localStorage.setItem(key, JSON.stringify(next));
    setViews(next);
  };
  return {
    views,
    // A view of the same name is replaced.
    save: (name, search, columns) =>
      put([...read(key).filter((view) => view.name !== name), { id: crypto.randomUUID(), name, search, columns }].slice(-MOST)),
    remove: (id) => put(read(key).filter((view) => view.id !== id)),
  };
}

function read(key: string): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'search' in value &&
    'columns' in value &&
    Array.isArray(value.columns)
  );
}

/** Whether the list shows this view now; the columns do not count. */
export function isShown(view: UsersSearch, search: UsersSearch): boolean {
  return (view.where ?? '') === (search.where ?? '') && (view.text ?? '') === (search.text ?? '');
}
