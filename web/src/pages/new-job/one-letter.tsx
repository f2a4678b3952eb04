import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, KeyIcon, languageName, LetterPaper, LoadingRows, Notice, PrintedLetter } from '../../components/index.ts';
import { localeOf } from '../../lib/language.ts';
import { useJob } from './job.ts';

export const LETTER_FORMS = ['html', 'text', 'sms', 'print'] as const;
export type LetterForm = (typeof LETTER_FORMS)[number];
export type JobLetterView = Output<'job.preview_letter'>['letters'][number];

/** The form in which it goes out. */
export function formOf(letter: JobLetterView | undefined): LetterForm {
  return letter?.channel === 'sms' || letter?.channel === 'print' ? letter.channel : 'html';
}

interface OneLetterProps {
  readonly letter: JobLetterView;
  /** Primary id of whose it is. */
  readonly user: string;
  readonly form: LetterForm;
}

/** One letter to one user: where it goes and what stands in it, or why there is none. */
export function OneLetter({ letter, user, form }: OneLetterProps) {
  const { t, i18n } = useTranslation('new-job');
  const { channel, language } = letter;
  if (channel === null || language === null) {
    return (
      <Notice tone="warn" title={t('letter.gets_none')}>
        {letter.reason}
      </Notice>
    );
  }
  if (letter.problem !== null) return <Notice tone="fail" title={letter.problem} />;
  const version = letter.version === null ? [] : [t('letter.version', { number: letter.version })];
  return (
    <div>
      <dl className="env">
        <dt>{t('letter.to')}</dt>
        <dd className="nj-wrap">
          <bdi>{letter.name}</bdi>
          {letter.to !== null && (
            <>
              {', '}
              <bdi>{letter.to}</bdi>
            </>
          )}
        </dd>
        <dt>{t('letter.way')}</dt>
        <dd>{[t(`letters.by.${channel}`), languageName(language, localeOf(i18n.language)), ...version].join(' · ')}</dd>
        {channel !== 'sms' && (
          <>
            <dt>{t('letter.subject')}</dt>
            <dd>
              <b lang={language}>{letter.subject}</b>
            </dd>
          </>
        )}
      </dl>
      <Content letter={letter} language={language} user={user} form={form} />
      {letter.credentials && (
        <p className="small muted row top nj-side">
          <KeyIcon small />
          <span>{t('letter.masked')}</span>
        </p>
      )}
    </div>
  );
}

function Content({ letter, language, user, form }: OneLetterProps & { readonly language: string }) {
  const { t } = useTranslation('new-job');
  if (form === 'print') return <Printed type={letter.type} user={user} />;
  if (form === 'html') return <LetterPaper title={t('letter.to_whose', { name: letter.name })} html={letter.html ?? ''} />;
  if (form === 'sms' && letter.sms === null) return <p className="muted">{t('letter.no_sms')}</p>;
  return (
    <div className="paper" lang={language}>
      <pre className="pb nj-plain">{form === 'sms' ? letter.sms?.text : letter.text}</pre>
      {form === 'sms' && letter.sms !== null && <p className="pf">{t('letter.segments', { count: letter.sms.segments })}</p>}
    </div>
  );
}

/** Asked for when somebody wants to see it: pages take longer than the rest. */
function Printed({ type, user }: { readonly type: string; readonly user: string }) {
  const { draft, plan } = useJob();
  const printed = useApi('job.preview_letter', { set: draft.set?.id ?? 0, plan, user, forms: ['print'] }, { staleTime: 60_000 });
  return (
    <Answer of={printed} loading={<LoadingRows rows={8} />}>
      {({ letters }) => {
        const print = letters.find((letter) => letter.type === type)?.print ?? null;
        return print === null ? null : <PrintedLetter print={print} addressed name={`${type.toLowerCase()}-${user}.pdf`} />;
      }}
    </Answer>
  );
}
