/** Every kind of change there is. Adding one is adding a file under `kinds/` and a line here. */
import { z } from 'zod';
import { AppError, type Language } from '../core/index.ts';
import type { ChangeKind } from './kind.ts';
import { accountType } from './kinds/account-type.ts';
import { address } from './kinds/address.ts';
import { block } from './kinds/block.ts';
import { email } from './kinds/email.ts';
import { giveBackToFeed } from './kinds/give-back-to-feed.ts';
import { identifier } from './kinds/identifier.ts';
import { letterPreference } from './kinds/letter-preference.ts';
import { note } from './kinds/note.ts';
import { password } from './kinds/password.ts';
import { phone } from './kinds/phone.ts';
import { recalculateRoles } from './kinds/recalculate-roles.ts';
import { role } from './kinds/role.ts';
import { roleProfile } from './kinds/role-profile.ts';
import { rsLibrary } from './kinds/rs-library.ts';
import { scalarKinds } from './kinds/scalar.ts';
import { statistic } from './kinds/statistic.ts';

// Inputs differ by kind; each is parsed by its own schema before its own functions see it.
const ALL = [
  accountType,
  ...scalarKinds,
  password,
  block,
  note,
  role,
  roleProfile,
  recalculateRoles,
  statistic,
  rsLibrary,
  identifier,
  email,
  phone,
  address,
  letterPreference,
  giveBackToFeed,
] as unknown as readonly ChangeKind[];

export const CHANGE_KINDS: ReadonlyMap<string, ChangeKind> = new Map(ALL.map((k) => [k.kind, k]));

/** Other names under which a plan may call a kind. */
const ALIASES: Readonly<Record<string, string>> = {
  campus: 'campus_code',
  language: 'preferred_language',
  title: 'user_title',
  'give-back-to-feed': 'give_back_to_feed',
};

export function changeKindOf(name: string): ChangeKind {
  const kind = CHANGE_KINDS.get(ALIASES[name] ?? name);
  if (kind === undefined) throw new AppError('changes.unknown_kind', { kind: name, known: [...CHANGE_KINDS.keys()].join(', ') });
  return kind;
}

/** A kind of change, in one language. */
export interface CatalogueChange {
  readonly change: string;
  readonly label: string;
  readonly help: string;
  readonly privilege: string;
  /** JSON schema of the change as a plan writes it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly examples: unknown[];
}

/** The catalogue of changes, as `muster changes` shows it. */
export function catalogue(language: Language): readonly CatalogueChange[] {
  return ALL.map((kind) => ({
    change: kind.kind,
    label: kind.label[language],
    help: kind.help[language],
    privilege: kind.privilege,
    input: z.toJSONSchema(kind.input, { unrepresentable: 'any', io: 'input' }),
    examples: [...kind.examples],
  }));
}
