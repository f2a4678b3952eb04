/**
 * What is being put together: a set, changes, a letter. A draft lies in the browser's storage under a number
 * of its own, so that nothing is lost on reload or when the session ends, and two tabs do not write over
 * each other. It holds no data about people beside what was typed.
 */
import type { FormValue } from '../../components/index.ts';
import { type Condition, readCondition, whenOf } from './condition.ts';

export interface DraftChange {
  /** Stays with the change while it is moved about. */
  readonly key: string;
  readonly change: string;
  readonly input: FormValue;
  readonly condition: Condition;
}

export interface Notify {
  readonly type: string;
  readonly to?: 'changed' | 'matched' | 'all';
  readonly channel?: 'preferred' | 'email' | 'print';
}

export interface ValueTable {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Draft {
  readonly id: string;
  /** Primary id of the author: what one person had begun is not shown to the next. */
  readonly owner: string;
  readonly name: string;
  readonly set: { readonly id: number; readonly name: string } | null;
  readonly changes: readonly DraftChange[];
  readonly notify: Notify | null;
  readonly values: ValueTable | null;
  readonly strict: boolean;
  /** Fields that a feed protects are given up to it. */
  readonly yields: boolean;
  /** When it was last changed; null: nothing was done yet. */
  readonly saved: string | null;
}

/** A plan as the server takes it. */
export interface PlanData {
  readonly name?: string;
  readonly changes: readonly FormValue[];
  readonly notify?: Notify;
  readonly values?: number;
  readonly strict?: true;
  readonly protected?: 'yield';
}

const PREFIX = 'muster.job-draft.';
/** Drafts that are kept; the oldest go first. */
const KEPT = 20;

export function keyOf(id: string): string {
  return PREFIX + id;
}

export function emptyDraft(owner: string, id: string = crypto.randomUUID()): Draft {
  return { id, owner, name: '', set: null, changes: [], notify: null, values: null, strict: false, yields: false, saved: null };
}

export function newChange(change: string, input: FormValue, condition: Condition = { kind: 'always' }): DraftChange {
  return { key: crypto.randomUUID(), change, input, condition };
}

/** The plan of the changes that are complete. */
export function planOf(draft: Draft, isComplete: (change: DraftChange) => boolean): PlanData {
  return {
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    changes: draft.changes.filter(isComplete).map((change) => {
      const when = whenOf(change);
      return { change: change.change, ...(when === undefined ? {} : { when }), ...change.input };
    }),
    ...(draft.notify === null ? {} : { notify: draft.notify }),
    ...(draft.values === null ? {} : { values: draft.values.id }),
    ...(draft.strict ? { strict: true as const } : {}),
    ...(draft.yields ? { protected: 'yield' as const } : {}),
  };
}

/** What stands in a plan (of a template, a run, a file) put into a draft. Members the page does not know are left to the server to refuse. */
export function withPlan(draft: Draft, given: unknown): Draft {
  const plan = isRecord(given) ? given : {};
  const changes = Array.isArray(plan['changes']) ? plan['changes'].filter(isRecord) : [];
  return {
    ...draft,
    name: typeof plan['name'] === 'string' ? plan['name'] : draft.name,
    changes: changes.flatMap((each) => {
      const { change, when, ...input } = each;
      return typeof change === 'string' ? [newChange(change, input, readCondition(when, change, input))] : [];
    }),
    notify: isNotify(plan['notify']) ? plan['notify'] : null,
    values: typeof plan['values'] === 'number' ? { id: plan['values'], name: `#${plan['values']}`, columns: columnsIn(changes) } : null,
    strict: plan['strict'] === true,
    yields: plan['protected'] === 'yield',
  };
}

/** Columns that the changes of a plan take values from: the table itself is not read again. */
function columnsIn(value: unknown): readonly string[] {
  const found = new Set<string>();
  const walk = (inner: unknown): void => {
    if (Array.isArray(inner)) inner.forEach(walk);
    else if (isRecord(inner)) {
      if (typeof inner['column'] === 'string') found.add(inner['column']);
      Object.values(inner).forEach(walk);
    }
  };
  walk(value);
  return [...found];
}

function isNotify(value: unknown): value is Notify {
  return isRecord(value) && typeof value['type'] === 'string';
}

export function isRecord(value: unknown): value is FormValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readDraft(id: string, owner: string): Draft | null {
  return parseDraft(localStorage.getItem(keyOf(id)), owner);
}

export function parseDraft(text: string | null, owner: string): Draft | null {
  if (text === null) return null;
  try {
    const draft: unknown = JSON.parse(text);
    // What we have written ourselves; of an older shape it would lack members, which the empty one fills.
    return isRecord(draft) && draft['owner'] === owner ? { ...emptyDraft(owner), ...(draft as unknown as Draft) } : null;
  } catch {
    return null;
  }
}

/** False when the browser keeps nothing (full, or private). */
export function keepDraft(draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(draft.id), JSON.stringify(draft));
    for (const old of draftsOf(draft.owner).slice(KEPT)) localStorage.removeItem(keyOf(old.id));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(id: string): void {
  localStorage.removeItem(keyOf(id));
}

/** Drafts of this person, latest first; those with nothing in them are none. */
export function draftsOf(owner: string): readonly Draft[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => parseDraft(localStorage.getItem(key), owner) ?? [])
    .filter((draft) => draft.saved !== null)
    .toSorted((a, b) => (b.saved ?? '').localeCompare(a.saved ?? ''));
}
