import { perform } from '../access/index.ts';
import type { ChooseLetter } from '../letters/index.ts';
import { editUser } from '../runs/index.ts';

/** A user's choice of letters as a journalled edit of that user: it stands in their history, and can be undone. */
export const chooseLetter: ChooseLetter = async (ctx, { user, type, wanted }) => {
  await perform(ctx, editUser, { user, changes: [{ change: 'letter_preference', [wanted ? 'opt_in' : 'opt_out']: type }] });
};
