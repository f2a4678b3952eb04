import type { Sql } from 'sql-template-tag';
import type { z } from 'zod';
import type { Privilege, Queryable } from '../core/index.ts';
import type { ChildTableName } from '../users/index.ts';
import type { NameOf } from './sentence.ts';

/** Columns of `users` that a change may read or write. */
export type UserColumn = string;

/**
 * What a change does, in terms the compiler knows. Expressions are over the row as the changes
 * before this one left it: `value('expiry_date')` is that column's folded value.
 */
export type Effect = ScalarEffect | AddRow | EditRows | RemoveRows;

/**
 * Beside the columns of `users` it knows `cells`: the user's row of the plan's value table (jsonb,
 * column → text), null for a user without a row; in effects on rows also `choice`, the value that the
 * change's own `choice` has for the user.
 */
export type ValueOf = (column: UserColumn) => Sql;

export interface ScalarEffect {
  readonly effect: 'set';
  readonly column: UserColumn;
  /** The new value, typed as the column. */
  readonly next: (value: ValueOf) => Sql;
}

/** Adds a row, unless the user has one of the same content (the table's `identity` columns). */
export interface AddRow {
  readonly effect: 'add';
  readonly table: ChildTableName;
  /** Column → value, typed as the column. Columns left out take the table's defaults. */
  readonly row: (value: ValueOf) => Readonly<Record<string, Sql>>;
  /** Columns that make a row "the same content"; the table's own identity when absent. */
  readonly identity?: readonly string[];
  /** Only for users for whom this holds; always when absent. */
  readonly when?: (value: ValueOf) => Sql;
}

export interface EditRows {
  readonly effect: 'edit';
  readonly table: ChildTableName;
  /** Which rows: a boolean over the row alias and the user; `rows` names all rows as this change finds them. */
  readonly match: (row: string, value: ValueOf, rows: string) => Sql;
  readonly set: (row: string, value: ValueOf, rows: string) => Readonly<Record<string, Sql>>;
}

export interface RemoveRows {
  readonly effect: 'remove';
  readonly table: ChildTableName;
  readonly match: (row: string, value: ValueOf) => Sql;
}

/** A case in which a change does not apply to a user, with the reason that the report gives. */
export interface Case {
  /** A text code of `core/texts/changes.ts`. */
  readonly reason: string;
  readonly when: (value: ValueOf) => Sql;
}

/** What one change of a plan comes to. */
export interface ChangeEffects {
  readonly effects: readonly Effect[];
  /** Skipped, and why: the change cannot mean anything for such a user. */
  readonly skip?: readonly Case[];
  /** Failed, and why: the user as a whole is left alone. */
  readonly invalid?: readonly Case[];
  /** Counted in the preview, does not hinder. */
  readonly warn?: readonly Case[];
  /**
   * The letter that brings new credentials, and to whom it goes: a user for whom this change did
   * something and `when` holds. At most one such letter per plan.
   */
  readonly credentials?: { readonly letter: 'password' | 'link' | 'none' };
  /** An integer worked out once per user, over `u`: the record before the plan. */
  readonly choice?: Sql;
  /** "if empty" / "if not empty" for this change: is what it writes empty at the user? Over alias `u`. */
  readonly isEmpty: Sql;
}

/** What a kind may know when it compiles its input. */
export interface CompileScope {
  /** The day that `today` means, `YYYY-MM-DD`. */
  readonly today: string;
  /** Who runs the plan; what `created_by` of new rows says. */
  readonly actor: string;
  /** Role codes the author may grant and remove. */
  readonly grantableRoles: 'all' | readonly string[];
  /** Properties of a code, e.g. which parameter a role needs. */
  readonly codeProperties: (table: string, code: string) => Readonly<Record<string, unknown>>;
}

/** Labels in both languages. */
export interface Words {
  readonly en: string;
  readonly de: string;
}

/** One kind of change: declared once, everything else is derived. */
export interface ChangeKind<I = unknown> {
  /** Value of `change` in a plan. */
  readonly kind: string;
  readonly label: Words;
  readonly help: Words;
  readonly privilege: Privilege;
  readonly input: z.ZodType<I>;
  /** Plans that show the use, for the catalogue; checked by a test. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  /** Code tables whose codes the input names: [table, code] pairs to be checked before the preview. */
  readonly codes?: (input: I) => readonly (readonly [table: string, code: string])[];
  /** Columns of the value table that the input names, with the type their cells must have. */
  readonly cells?: (input: I) => readonly CellUse[];
  /** The sentence; `name` says what a code is called in that language. */
  readonly describe: (input: I, language: keyof Words, name: NameOf) => string;
  readonly compile: (input: I, scope: CompileScope) => ChangeEffects;
  /**
   * Takes what the change refers to (a profile, rules) out of the library into the input, so that a run
   * does what was previewed. Called when a plan is previewed and when it starts.
   */
  readonly settle?: (input: I, db: Queryable) => Promise<I>;
  /** The member of the input that `settle` writes. */
  readonly settledBy?: string;
}

/** A column of an uploaded value table that a plan takes values from. */
export interface CellUse {
  readonly column: string;
  readonly type: 'text' | 'code' | 'date' | 'boolean';
  readonly codeTable?: string;
  readonly maxLength?: number;
  /** No two users may have the same value. */
  readonly unique?: boolean;
}

/** Keeps the input's type inside a kind while the registry holds kinds of many inputs. */
export function changeKind<I>(kind: ChangeKind<I>): ChangeKind<I> {
  return kind;
}
