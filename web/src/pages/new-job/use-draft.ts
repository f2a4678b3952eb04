import { useCallback, useEffect, useRef, useState } from 'react';
import { type Draft, emptyDraft, keepDraft, keyOf, parseDraft, readDraft } from './draft.ts';

export interface DraftHold {
  readonly draft: Draft;
  /** False when the browser keeps nothing. */
  readonly kept: boolean;
  update(change: (draft: Draft) => Draft): void;
}

/**
 * The draft of that number, kept at every change. Where the same draft is open in a second tab, what is done
 * there shows here, so neither tab writes an older state over a newer one.
 */
export function useDraft(id: string, owner: string): DraftHold {
  const [draft, setDraft] = useState<Draft>(() => readDraft(id, owner) ?? emptyDraft(owner, id));
  const [kept, setKept] = useState(true);
  const latest = useRef(draft);
  useEffect(() => {
    const onStorage = (event: StorageEvent): void => {
      const other = event.key === keyOf(id) ? parseDraft(event.newValue, owner) : null;
      if (other === null) return;
      latest.current = other;
      setDraft(other);
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }, [id, owner]);
  const update = useCallback((change: (draft: Draft) => Draft): void => {
    const next = { ...change(latest.current), saved: new Date().toISOString() };
    latest.current = next;
    setDraft(next);
    setKept(keepDraft(next));
  }, []);
  return { draft, kept, update };
}
