import { useCallback, useState } from 'react';

/** What somebody writes. */
export interface Wording {
  readonly subject: string;
  readonly body: string;
  readonly sms: string | null;
}

interface Draft extends Wording {
  /** Number of the version that it was begun with; 0: there was none. */
  readonly basedOn: number;
}

export interface DraftState {
  readonly wording: Wording;
  /** There is something that is not saved. */
  readonly dirty: boolean;
  readonly basedOn: number;
  change(part: Partial<Wording>): void;
  /** As it was saved. */
  discard(): void;
}

const EMPTY: Wording = { subject: '', body: '', sms: null };

/**
 * What is written and not yet saved, kept in this browser, so that neither a reload nor a session that ends
 * loses it. `saved`: the newest version; undefined: there is none.
 */
export function useDraft(key: string, saved: (Wording & { readonly version: number }) | undefined): DraftState {
  const place = `muster.draft.${key}`;
  const [draft, setDraft] = useState<Draft | null>(() => read(place));
  const before: Draft = { ...EMPTY, ...saved, basedOn: saved?.version ?? 0 };
  const put = useCallback(
    (next: Draft | null): void => {
      if (next === null) localStorage.removeItem(place);
      else localStorage.setItem(place, JSON.stringify(next));
      setDraft(next);
    },
    [place],
  );
  const now = draft ?? before;
  const dirty = draft !== null && !same(draft, before);
  return {
    wording: { subject: now.subject, body: now.body, sms: now.sms },
    dirty,
    basedOn: dirty ? now.basedOn : before.basedOn,
    change: (part) => {
      const { subject, body, sms } = { ...now, ...part };
      const next = { subject, body, sms, basedOn: dirty ? now.basedOn : before.basedOn };
      put(same(next, before) ? null : next);
    },
    discard: () => put(null),
  };
}

function same(a: Wording, b: Wording): boolean {
  return a.subject === b.subject && a.body === b.body && (a.sms ?? '') === (b.sms ?? '');
}

function read(place: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('body' in kept) || typeof kept.body !== 'string') return null;
    return { ...EMPTY, basedOn: 0, ...kept, body: kept.body };
  } catch {
    return null;
  }
}
