import { z } from 'zod';
import { AppError, operation } from '../core/index.ts';
import { findUser, readRecords, recordFor } from '../users/index.ts';
import { almaLabels, toAlma } from './to-alma.ts';

const input = z.strictObject({
  /** Primary id or any identifier. */
  user: z.string().min(1),
});

export const showUser = operation({
  name: 'users.show',
  summary: { en: 'Shows a user’s whole record', de: 'Zeigt den ganzen Datensatz eines Benutzers' },
  privilege: 'users:read',
  input,
  output: z.record(z.string(), z.unknown()).describe('The record in Alma’s JSON notation; see Alma’s public user schema'),
  audit: (i) => ({ entity: 'user', id: i.user }),
  run: async (ctx, i) => {
    const found = await findUser(ctx.db.pool, i.user);
    const [record] = await readRecords(ctx.db.pool, [found.id]);
    if (record === undefined) throw new AppError('users.not_found', { id: i.user });
    return toAlma(recordFor(ctx.actor, record), await almaLabels(ctx.db.pool));
  },
});
