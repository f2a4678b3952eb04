import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, Notice, PrintedLetter } from '../../components/index.ts';
import type { Wording } from './use-draft.ts';

interface PrintedPagesProps {
  readonly type: string;
  readonly language: string;
  readonly wording: Wording;
  readonly user: string | undefined;
}

/** The letter on paper, page by page, as the printer gets it. */
export function PrintedPages({ type, language, wording, user }: PrintedPagesProps) {
  const { t } = useTranslation('letters');
  const printed = useApi(
    'letter.preview',
    { type, language, source: wording, users: user === undefined ? [] : [user], forms: ['print'] },
    { keepPrevious: true },
  );
  return (
    <Answer of={printed}>
      {({ letters }) => {
        const print = letters[0]?.print ?? null;
        if (print === null) return <Notice tone="fail" title={letters[0]?.problem ?? t('print.none')} />;
        return <PrintedLetter print={print} addressed={letters[0]?.user !== null} name={`${type.toLowerCase()}-${language}.pdf`} />;
      }}
    </Answer>
  );
}
