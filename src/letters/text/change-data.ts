/** What a run has changed of a user, as letters say it. */
import { scalar } from '../../users/index.ts';
import { type Both, wordOf } from './both.ts';
import { LetterDate } from './letter-date.ts';
import { plainValue } from './escape.ts';

/** A value that is not bound to a language yet: text, a day, a label; null: none. */
export type Written = string | { readonly date: string } | Both | null;

/** One difference, out of the journal. */
export interface ChangeEntry {
  /** Name of a field of the record, or of a kind of row: `expiry_date`, `email`. */
  readonly field: string;
  readonly label: Both;
  readonly old: Written;
  readonly new: Written;
}

export interface LetterChange {
  readonly field: string;
  readonly label: string;
  readonly old: string | LetterDate | null;
  readonly new: string | LetterDate | null;
}

/** `change.expiry_date.old`; both null for what has not changed. */
export type NamedChanges = Readonly<Record<string, Pick<LetterChange, 'label' | 'old' | 'new'>>>;

/**
 * Fields of the record whose change a letter may tell: what users can know about themselves. What the
 * library keeps for its own work (notes, blocks, statistics, roles) and passwords are not among them.
 */
export const CHANGE_FIELDS = [
  'primary_id',
  'account_type',
  'status',
  'user_title',
  'first_name',
  'middle_name',
  'last_name',
  'pref_first_name',
  'pref_middle_name',
  'pref_last_name',
  'pref_name_suffix',
  'user_group',
  'campus_code',
  'job_category',
  'job_description',
  'preferred_language',
  'expiry_date',
  'purge_date',
] as const;

const UNCHANGED = new Map<boolean, NamedChanges>();

function unchanged(german: boolean): NamedChanges {
  let found = UNCHANGED.get(german);
  if (found === undefined) {
    found = Object.fromEntries(
      CHANGE_FIELDS.map((field) => [field, { label: wordOf(scalar(field)?.label, german) ?? field, old: null, new: null }]),
    );
    UNCHANGED.set(german, found);
  }
  return found;
}

const NONE: readonly LetterChange[] = [];

export function changeData(
  entries: readonly ChangeEntry[] | undefined,
  language: string,
): { readonly changes: readonly LetterChange[]; readonly change: NamedChanges } {
  const german = language === 'de' || language.startsWith('de-');
  if (entries === undefined || entries.length === 0) return { changes: NONE, change: unchanged(german) };
  const value = (written: Written): string | LetterDate | null => {
    if (written === null) return null;
    if (typeof written === 'string') return plainValue(written).trim();
    return 'date' in written ? new LetterDate(written.date, language) : plainValue(wordOf(written, german) ?? '').trim();
  };
  const changes = entries.map((entry) => ({
    field: entry.field,
    label: plainValue(wordOf(entry.label, german) ?? entry.field),
    old: value(entry.old),
    new: value(entry.new),
  }));
  const named = Object.fromEntries(changes.filter((change) => scalar(change.field) !== undefined).map((change) => [change.field, change]));
  return { changes, change: { ...unchanged(german), ...named } };
}
