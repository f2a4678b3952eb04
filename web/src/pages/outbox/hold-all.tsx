import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, invalidate } from '../../api/index.ts';
import { Notice, PauseIcon, toast, toastProblem } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { OF_THE_OUTBOX } from './outbox-actions.ts';

/** The switch that lets nothing out, for test systems and after a restore: said on top while it is on. */
export function HoldAll({ on }: { readonly on: boolean }) {
  const { t } = useTranslation('outbox');
  const can = useCan();
  const switchTo = useHoldAll();
  if (!on) return null;
  return (
    <Notice
      tone="warn"
      icon={PauseIcon}
      title={t('hold.on')}
      {...(can('settings:write')
        ? {
            actions: (
              <button type="button" onClick={() => switchTo(false)}>
                {t('hold.release')}
              </button>
            ),
          }
        : {})}
    >
      {t('hold.text')}
    </Notice>
  );
}

/** Switches it, with the way back. */
export function useHoldAll(): (to: boolean) => void {
  const { t } = useTranslation('outbox');
  const client = useQueryClient();
  const set = (to: boolean, undoable: boolean): void =>
    void api('settings.set', { name: 'letters.hold_all', value: to })
      .then(() => invalidate(client, ...OF_THE_OUTBOX))
      .then(() => toast(t(to ? 'hold.held' : 'hold.released'), undoable ? () => set(!to, false) : undefined))
      .catch(toastProblem);
  return (to) => set(to, true);
}
