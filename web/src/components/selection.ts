import { useCallback, useMemo, useState } from 'react';

/** Some by their ids, or all that match but a few: nobody loads a million rows to select them. */
export type Selection =
  | { readonly mode: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly mode: 'all'; readonly except: ReadonlySet<string> };

const NOBODY: Selection = { mode: 'some', ids: new Set() };

export interface SelectionState {
  readonly selection: Selection;
  /** How many of `total` that is. */
  readonly count: number;
  has(id: string): boolean;
  toggle(id: string): void;
  /** Selects or deselects these, e.g. from one row to another with Shift. */
  put(ids: readonly string[], selected: boolean): void;
  all(): void;
  /** "Only these 13" */
  only(ids: readonly string[]): void;
  clear(): void;
}

export function useSelection(total: number): SelectionState {
  const [selection, setSelection] = useState<Selection>(NOBODY);
  const put = useCallback((ids: readonly string[], selected: boolean): void => {
    setSelection((before) => {
      const listed = new Set(before.mode === 'some' ? before.ids : before.except);
      for (const id of ids) {
        if ((before.mode === 'some') === selected) listed.add(id);
        else listed.delete(id);
      }
      return before.mode === 'some' ? { mode: 'some', ids: listed } : { mode: 'all', except: listed };
    });
  }, []);
  // Stays the same function, so that an effect may depend on it.
  const clear = useCallback(() => setSelection(NOBODY), []);
  return useMemo(() => {
    const has = (id: string): boolean => (selection.mode === 'some' ? selection.ids.has(id) : !selection.except.has(id));
    return {
      selection,
      count: selection.mode === 'some' ? selection.ids.size : total - selection.except.size,
      has,
      toggle: (id) => put([id], !has(id)),
      put,
      all: () => setSelection({ mode: 'all', except: new Set() }),
      only: (ids) => setSelection({ mode: 'some', ids: new Set(ids) }),
      clear,
    };
  }, [selection, total, put, clear]);
}
