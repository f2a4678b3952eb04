import { useTranslation } from 'react-i18next';
import { ChangedIcon, ConflictIcon, FailedIcon, KeyFigure, SkippedIcon } from '../../components/index.ts';

interface FilePartsProps {
  readonly counts: { readonly members: number; readonly not_found: number; readonly duplicates: number; readonly ambiguous: number };
  /** The set is made: what was found are its members. */
  readonly made?: boolean;
}

/** How the identifiers of a list divide up; the four add up to all of them. */
export function FileParts({ counts, made = false }: FilePartsProps) {
  const { t } = useTranslation('sets');
  const { members, not_found: lost, duplicates, ambiguous } = counts;
  return (
    <div className="stackv tight">
      <div className="bar lg" aria-hidden="true">
        {members > 0 && <i className="c" style={{ flex: `${members} 1 0` }} />}
        {duplicates > 0 && <i className="s" style={{ flex: `${duplicates} 1 0` }} />}
        {lost > 0 && <i className="f" style={{ flex: `${lost} 1 0` }} />}
        {ambiguous > 0 && <i className="x" style={{ flex: `${ambiguous} 1 0` }} />}
      </div>
      <div className="stats sets-parts" role="status">
        <KeyFigure
          icon={
            <span className="o changed">
              <ChangedIcon />
            </span>
          }
          label={t('part.found')}
          value={members}
          detail={t(made ? 'part.is_text' : 'part.found_text')}
        />
        <KeyFigure
          icon={
            <span className="o failed">
              <FailedIcon />
            </span>
          }
          label={t('part.not_found')}
          value={lost}
          detail={t('part.not_found_text')}
        />
        <KeyFigure
          icon={
            <span className="o skipped">
              <SkippedIcon />
            </span>
          }
          label={t('part.duplicate')}
          value={duplicates}
          detail={t('part.duplicate_text')}
        />
        <KeyFigure
          icon={
            <span className="o conflict">
              <ConflictIcon />
            </span>
          }
          label={t('part.ambiguous')}
          value={ambiguous}
          detail={t('part.ambiguous_text')}
        />
      </div>
    </div>
  );
}
