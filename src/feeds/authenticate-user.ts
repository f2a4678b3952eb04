import { z } from 'zod';
import { verifyUserPassword } from '../access/index.ts';
import { operation } from '../core/index.ts';

/** For programs that ask whether somebody's password is right, e.g. at a self-check machine. Throttled per account. */
export const authenticateUser = operation({
  name: 'user.authenticate',
  summary: { en: 'Says whether this is the user’s password', de: 'Sagt, ob dies das Passwort des Benutzers ist' },
  privilege: 'users:read',
  input: z.strictObject({
    user: z.string().min(1).describe('Primary id or an identifier that signs in'),
    password: z.string().min(1).max(1_000),
  }),
  output: z.object({ primary_id: z.string().describe('As it was given') }),
  audit: (i) => ({ entity: 'user', id: i.user.slice(0, 255) }),
  run: async (ctx, i) => {
    await verifyUserPassword(ctx, i.user, i.password);
    return { primary_id: i.user };
  },
});
