import { useTranslation } from 'react-i18next';
import { FailedIcon, WarnIcon } from '../../components/index.ts';
import type { LetterProblemView } from './liquid.ts';

interface ProblemBarProps {
  readonly problems: readonly LetterProblemView[];
  readonly onPlace: (line: number, column: number) => void;
}

/** What is wrong, with line and column; a click goes there. */
export function ProblemBar({ problems, onPlace }: ProblemBarProps) {
  const { t } = useTranslation('letters');
  return (
    <div role="status" aria-label={t('problem.label')}>
      {problems.length > 0 && (
        <ul className="problem-bar">
          {problems.map(({ part, line, column, severity, message }) => {
            const Drawn = severity === 'error' ? FailedIcon : WarnIcon;
            const place = t('problem.place', { line, column });
            return (
              <li key={`${part} ${line} ${column} ${message}`} className={severity}>
                <Drawn />
                {part === 'body' ? (
                  <button type="button" onClick={() => onPlace(line, column)}>
                    {place}
                  </button>
                ) : (
                  <b>{t('problem.in', { part: partName(part, t), place })}</b>
                )}
                <span>{message}</span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function partName(part: string, t: ReturnType<typeof useTranslation<'letters'>>['t']): string {
  if (part === 'subject' || part === 'sms') return t(`part.${part}`);
  if (part.startsWith('snippet:')) return t('part.snippet', { name: part.slice('snippet:'.length) });
  return part.startsWith('frame') ? t('part.frame') : part;
}
