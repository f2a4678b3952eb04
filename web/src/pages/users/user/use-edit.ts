/** Changes of one user, each with the tag of what was seen; the way back; and what to do when somebody else was quicker. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, AppProblem, asProblem, invalidate } from '../../../api/index.ts';
import { toast, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import type { Change, UserRecord } from './record.ts';

/** What was to be written when the user had changed meanwhile. */
export interface Conflict {
  /** When what was seen had been written last. */
  readonly since: string;
  /** Writes it all the same, over the present state. */
  retry(): Promise<void>;
}

export interface Edit {
  readonly conflict: Conflict | null;
  dropConflict(): void;
  /** Throws what the server says; a conflict is kept here instead, and answered by false. */
  change(changes: readonly Change[]): Promise<boolean>;
  write(act: (tag: string) => Promise<void>): Promise<boolean>;
  /** Takes back what a run did to this user; `whole`: to everybody, as a merge is. */
  undo(run: number, whole?: boolean): Promise<void>;
  readonly undoing: number | null;
}

const LOOKS = 40;
const LOOK_MS = 500;

export function useEdit(record: UserRecord): Edit {
  const { t } = useTranslation('users');
  const client = useQueryClient();
  const can = useCan();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [undoing, setUndoing] = useState<number | null>(null);
  const user = record.primary_id;
  const refresh = (): Promise<void> => invalidate(client, 'users.record', 'users.history', 'users.list', 'users.messages');

  const write = async (act: (tag: string) => Promise<void>): Promise<boolean> => {
    const attempt = async (tag: string): Promise<void> => {
      await act(tag);
      setConflict(null);
      await refresh();
    };
    try {
      await attempt(record.tag);
      return true;
    } catch (error) {
      if (asProblem(error).code !== 'users.changed') throw error;
      const since = String(record.fields['modified_at'] ?? '');
      setConflict({ since, retry: async () => attempt((await api('users.record', { user })).tag) });
      await refresh();
      return false;
    }
  };

  const undo = async (run: number, whole = false): Promise<void> => {
    setUndoing(run);
    try {
      const before = (await api('users.record', { user })).tag;
      const started = await api('job.undo', { id: run, ...(whole ? {} : { users: [user] }), confirm: true });
      if (started.state === 'MANUAL_HANDLING_REQUIRED') {
        toast(t('history.undo_waits'));
        return;
      }
      let done = false;
      for (let look = 0; look < LOOKS && !done; look += 1) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        done = (await api('users.record', { user })).tag !== before;
      }
      await refresh();
      toast(t(done ? 'history.undone' : 'history.undo_started'));
    } catch (error) {
      toastProblem(error);
    } finally {
      setUndoing(null);
    }
  };

  return {
    conflict,
    dropConflict: () => setConflict(null),
    write,
    change: (changes) =>
      write(async (tag) => {
        const edited = await api('user.update', { user, changes: [...changes], match: tag });
        if (edited.counts.failed > 0 || edited.counts.skipped > 0) {
          throw new AppProblem({ code: 'user.not_changed', status: 422, detail: edited.reasons.join(' ') || t('edit.refused') });
        }
        toast(
          t(edited.counts.changed > 0 ? 'edit.saved' : 'edit.unchanged'),
          edited.counts.changed > 0 && can('jobs:run') ? () => void undo(edited.id) : undefined,
        );
      }),
    undo,
    undoing,
  };
}
