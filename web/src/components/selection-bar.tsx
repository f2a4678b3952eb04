import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons.tsx';
import type { SelectionState } from './selection.ts';

interface SelectionBarProps {
  readonly state: SelectionState;
  /** How many match in all. */
  readonly total: number;
  /** Ids of the rows in sight, for "only these 13". */
  readonly shown: readonly string[];
  /** "All 12,431 users selected": one text for some, one for all. */
  readonly text: (count: number, all: boolean) => ReactNode;
  /** What can be done with them; the main one with class `pri`. */
  readonly children: ReactNode;
}

/** Floats over the table as long as anybody is selected, and says the real number. */
export function SelectionBar({ state, total, shown, text, children }: SelectionBarProps) {
  const { t } = useTranslation();
  if (state.count === 0) return null;
  const all = state.selection.mode === 'all';
  return (
    <section className="selbar" aria-label={t('selection.label')}>
      <span role="status">{text(state.count, all && state.count === total)}</span>
      {all && shown.length < total && (
        <button type="button" className="lnk" onClick={() => state.only(shown)}>
          {t('selection.only', { count: shown.length })}
        </button>
      )}
      {!all && state.count < total && shown.every(state.has) && (
        <button type="button" className="lnk" onClick={state.all}>
          {t('selection.all', { count: total })}
        </button>
      )}
      <span className="sep" aria-hidden="true" />
      {children}
      <button type="button" className="btn icon" onClick={state.clear} aria-label={t('selection.clear')}>
        <CloseIcon />
      </button>
    </section>
  );
}
