import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons.tsx';

export interface FilterPill {
  readonly key: string;
  /** "status is" */
  readonly text: ReactNode;
  /** "Active" */
  readonly value?: ReactNode;
  readonly onEdit?: () => void;
  readonly onRemove?: () => void;
  /** The whole, for those who listen: "status is Active". */
  readonly label: string;
}

interface SentenceFilterProps {
  /** "Users whose" */
  readonly start: ReactNode;
  readonly pills: readonly FilterPill[];
  /** Between them; "and" unless said otherwise. */
  readonly joint?: ReactNode;
  /** After them: add, clear. */
  readonly children?: ReactNode;
}

/** A filter that reads as a sentence: pills joined by words. The same as text stands below it (FilterText). */
export function SentenceFilter({ start, pills, joint, children }: SentenceFilterProps) {
  const { t } = useTranslation();
  return (
    <div className="fsent">
      <span>{start}</span>
      {pills.map(({ key, text, value, onEdit, onRemove, label }, index) => (
        <Fragment key={key}>
          {index > 0 && <span>{joint ?? t('filter.and')}</span>}
          <span className="fchip">
            {onEdit === undefined ? (
              <span>
                {text} {value !== undefined && <b>{value}</b>}
              </span>
            ) : (
              <button type="button" className="fchip-text" onClick={onEdit} aria-label={t('filter.edit', { filter: label })}>
                {text} {value !== undefined && <b>{value}</b>}
              </button>
            )}
            {onRemove !== undefined && (
              <button type="button" onClick={onRemove} aria-label={t('filter.remove', { filter: label })}>
                <CloseIcon />
              </button>
            )}
          </span>
        </Fragment>
      ))}
      {children}
    </div>
  );
}
