import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type AppProblem, asProblem, type Input, invalidate, useApiMutation } from '../../api/index.ts';
import { toast, toastProblem } from '../../components/index.ts';
import { OF_A_TEXT, type TextKey } from './text-key.ts';
import type { DraftState } from './use-draft.ts';

export interface Saving {
  readonly busy: boolean;
  /** Somebody else has saved since this one was begun. */
  readonly conflict: AppProblem | null;
  save(basedOn: number): void;
  forget(): void;
}

/** Saves what is written as the next version. */
export function useSaving(key: TextKey, draft: DraftState): Saving {
  const { t } = useTranslation('letters');
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<AppProblem | null>(null);
  const save = async (basedOn: number): Promise<void> => {
    setBusy(true);
    try {
      const { version } = await saveText(key, draft, basedOn);
      setConflict(null);
      await invalidate(client, ...OF_A_TEXT);
      draft.discard();
      toast(t('saved_as', { version }));
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code !== 'letters.changed_meanwhile') return toastProblem(problem);
      setConflict(problem);
      await invalidate(client, ...OF_A_TEXT);
    } finally {
      setBusy(false);
    }
  };
  return { busy, conflict, save: (basedOn) => void save(basedOn), forget: () => setConflict(null) };
}

function saveText({ kind, code, language }: TextKey, { wording }: DraftState, basedOn: number): Promise<{ readonly version: number }> {
  if (kind === 'snippet') return api('letter_snippet.save', { name: code, language, body: wording.body, based_on: basedOn });
  return api('letter.save', { type: code, language, ...wording, based_on: basedOn });
}

/** Sends what is on the screen to oneself. */
export function useTestSend(): { readonly busy: boolean; send(input: Input<'letter.test_send'>): void } {
  const { t } = useTranslation('letters');
  const test = useApiMutation('letter.test_send');
  return {
    busy: test.isPending,
    send: (input) =>
      test.mutate(input, {
        onSuccess: ({ to, file }) => toast(file === null ? t('test.sent', { to }) : t('test.kept', { to, file })),
        onError: toastProblem,
      }),
  };
}
