/**
 * Account type: internal ⇄ external. What is no longer valid for the new type is adjusted as Alma
 * does it: everything becomes the library's own (segments Internal) and the external id empties when no
 * feed owns the record any more; the local password, and the demand to change it, end when a user
 * leaves the internal type.
 */
import sql, { raw } from 'sql-template-tag';
import { z } from 'zod';
import { CHILD_TABLES, type ChildTable } from '../../users/index.ts';
import { storable } from '../input.ts';
import { type ChangeEffects, changeKind, type Effect } from '../kind.ts';

const input = z
  .strictObject({
    set: z.enum(['INTERNAL', 'EXTERNAL', 'INTEXTAUTH']),
    /** External → internal: how the user gets in afterwards. */
    credentials: z.enum(['password', 'link', 'none']).optional(),
    /** Whether the credentials letter goes out; without it the reset stays pending. */
    letter: z.boolean().optional(),
    /** Internal → external: the feed that owns the record from now on. */
    external_id: storable(255).optional(),
  })
  .superRefine((value, ctx) => {
    if (value.set === 'EXTERNAL' && value.external_id === undefined) {
      ctx.addIssue({ code: 'custom', path: ['external_id'], message: 'is needed for EXTERNAL: the code of the feed that owns the record' });
    }
    if (value.set !== 'EXTERNAL' && value.external_id !== undefined) {
      ctx.addIssue({ code: 'custom', path: ['external_id'], message: `must be left out for ${value.set}` });
    }
    if (value.set !== 'INTERNAL' && (value.credentials !== undefined || value.letter !== undefined)) {
      ctx.addIssue({ code: 'custom', path: ['credentials'], message: 'goes with INTERNAL only' });
    }
  });

type Input = z.output<typeof input>;

const SEGMENTED = (CHILD_TABLES as readonly ChildTable[]).filter((t) => t.segmented);

/** What a feed owned becomes the library's, of users that are not of that type yet. */
function ownSegments(type: Input['set']): readonly Effect[] {
  return SEGMENTED.map((table) => ({
    effect: 'edit',
    table: table.table,
    match: (row, v) => sql`${raw(`${row}.segment`)} = 'External' and ${v('account_type')} <> ${type}::text`,
    set: () => ({ segment: sql`'Internal'` }),
  }));
}

export const accountType = changeKind<Input>({
  kind: 'account_type',
  label: { en: 'Account type', de: 'Kontotyp' },
  help: {
    en: 'Makes external users internal (with a new password, a one-time link, or neither) or internal users external. Loans, requests and fees stay.',
    de: 'Macht externe Benutzer intern (mit neuem Passwort, Einmal-Link oder ohne beides) oder interne extern. Ausleihen, Bestellungen und Gebühren bleiben.',
  },
  privilege: 'jobs:run',
  input,
  examples: [
    { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
    { change: 'account_type', set: 'INTERNAL', credentials: 'none' },
    { change: 'account_type', set: 'EXTERNAL', external_id: 'SIS' },
    { change: 'account_type', set: 'INTEXTAUTH' },
  ],
  describe: (value, language) => {
    const to = {
      INTERNAL: ['internal', 'intern'],
      EXTERNAL: ['external', 'extern'],
      INTEXTAUTH: ['internal with external authentication', 'intern mit externer Authentifizierung'],
    }[value.set];
    const how =
      value.set !== 'INTERNAL'
        ? ['', '']
        : {
            password: [', with a new password', ', mit neuem Passwort'],
            link: [', with a one-time link', ', mit Einmal-Link'],
            none: [', without new credentials', ', ohne neue Zugangsdaten'],
          }[value.credentials ?? 'password'];
    return language === 'de' ? `Kontotyp auf ${to[1]} setzen${how[1]}` : `Set account type to ${to[0]}${how[0]}`;
  },
  compile: (value): ChangeEffects => {
    const isEmpty = sql`false`;
    if (value.set !== 'INTERNAL') {
      const owner = value.external_id ?? null;
      return {
        effects: [
          { effect: 'set', column: 'account_type', next: () => sql`${value.set}::text` },
          {
            effect: 'set',
            column: 'external_id',
            next: (v) => sql`case when ${v('account_type')} = ${value.set}::text then ${v('external_id')} else ${owner}::text end`,
          },
          {
            effect: 'set',
            column: 'credential_state',
            next: (v) => sql`case when ${v('account_type')} = ${value.set}::text then ${v('credential_state')} else 'none' end`,
          },
          {
            effect: 'set',
            column: 'force_password_change',
            next: (v) => sql`${v('force_password_change')} and ${v('account_type')} = ${value.set}::text`,
          },
          ...(value.set === 'EXTERNAL' ? [] : ownSegments(value.set)),
        ],
        isEmpty,
      };
    }
    const credentials = value.credentials ?? 'password';
    const letter = credentials === 'none' || value.letter === false ? 'none' : credentials;
    const reset: readonly Effect[] =
      credentials === 'none'
        ? []
        : [
            {
              effect: 'set',
              column: 'credential_state',
              next: (v) => sql`case when ${v('account_type')} <> 'INTERNAL' then 'pending' else ${v('credential_state')} end`,
            },
            {
              effect: 'set',
              column: 'force_password_change',
              next: (v) => sql`${v('force_password_change')} or ${v('account_type')} <> 'INTERNAL'`,
            },
          ];
    return {
      effects: [
        { effect: 'set', column: 'account_type', next: () => sql`'INTERNAL'` },
        { effect: 'set', column: 'external_id', next: () => sql`null` },
        ...reset,
        ...ownSegments('INTERNAL'),
      ],
      warn:
        credentials === 'none'
          ? []
          : letter === 'none'
            ? [{ reason: 'changes.credentials_pending', when: (v) => sql`${v('account_type')} <> 'INTERNAL'` }]
            : [],
      credentials: { letter },
      isEmpty,
    };
  },
});
