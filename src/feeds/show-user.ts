import { z } from 'zod';
import { AppError, operation } from '../core/index.ts';
import { findUser, heldFields, readWhole, readWholeTogether, recordFor, type WholeUser } from '../users/index.ts';
import { withLabels } from './code-cache.ts';
import { almaUserSchema } from './alma-user-schema.ts';
import { type AlmaUser, toAlma } from './to-alma.ts';

const input = z.strictObject({
  /** Primary id or any identifier. */
  user: z.string().min(1),
  id_type: z.string().min(1).optional().describe('Type of the identifier; any when left out'),
});

export const showUser = operation({
  name: 'users.show',
  summary: { en: 'Shows a user’s whole record', de: 'Zeigt den ganzen Datensatz eines Benutzers' },
  privilege: 'users:read',
  input,
  output: almaUserSchema,
  // Whoever was looked at, whatever they were looked up by.
  audit: (i, output) => ({ entity: 'user', id: typeof output?.['primary_id'] === 'string' ? output['primary_id'] : i.user }),
  run: async (ctx, i) => {
    const { pool } = ctx.db;
    const direct = await (i.id_type === undefined ? readWholeTogether(pool, i.user) : readWhole(pool, { key: i.user, type: i.id_type }));
    // An identifier that is out of use, or that is no key since several may have it, takes a second look.
    const whole = direct ?? (i.id_type === undefined ? await readWhole(pool, { id: (await findUser(pool, i.user)).id }) : undefined);
    if (whole === undefined) throw new AppError('users.not_found', { id: i.user.slice(0, 100) });
    const record = recordFor(ctx.actor, whole);
    const user = await withLabels(pool, (labels) => toAlma(record, labels));
    // Alma's notation has no such members.
    if (ctx.source === 'alma') return user;
    const held = await heldFields(pool, whole, ctx.actor, ctx.language);
    return { ...withSuppressed(user, whole), ...(held.length === 0 ? {} : { held_fields: held }) };
  },
});

/** Marks the e-mails that nothing is sent to. */
function withSuppressed(user: AlmaUser, { rows, suppressed }: WholeUser): AlmaUser {
  if (suppressed.length === 0) return user;
  const contact = user['contact_info'] as { readonly email?: readonly AlmaUser[] }; // as `toAlma` makes it
  // In the order of the rows, which it keeps; closed to some, and then missing.
  const email = contact.email?.map((shown, index) => {
    const found = suppressed.find(({ id }) => id === rows.user_emails[index]?.['id']);
    return found === undefined ? shown : { ...shown, suppressed: { reason: found.reason, since: found.since } };
  });
  return email === undefined ? user : { ...user, contact_info: { ...contact, email } };
}
