import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, MailIcon, OutcomeBar, TextLink, ROLE } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';

const LOOK_MS = 15_000;
const SHOWN = 5;

/** How far the letters of the latest jobs are. */
export function LettersCard() {
  const { t } = useTranslation('start');
  const { number } = useFormat();
  const recent = useApi('library.recent_letters', { limit: SHOWN }, { refetchInterval: LOOK_MS });
  return (
    <Card flush title={t('letters.title')} right={<TextLink to="/outbox">{t('letters.outbox')}</TextLink>}>
      <Answer of={recent}>
        {({ letters }) =>
          letters.length === 0 ? (
            <EmptyState icon={MailIcon} title={t('letters.nothing')} text={t('letters.nothing_text')} />
          ) : (
            <div className="tw">
              <table className="t cards" {...ROLE.table} aria-label={t('letters.title')}>
                <thead>
                  <tr>
                    <th scope="col">{t('letters.letter')}</th>
                    <th scope="col">{t('letters.progress')}</th>
                    <th scope="col" className="num">
                      {t('letters.sent')}
                    </th>
                    <th scope="col">{t('letters.job')}</th>
                  </tr>
                </thead>
                <tbody>
                  {letters.map(({ run, job, letter, label, states }) => {
                    const of = (...names: readonly string[]): number => names.reduce((sum, name) => sum + (states[name] ?? 0), 0);
                    const counts = {
                      changed: of('sent'),
                      queued: of('queued', 'sending', 'to_print'),
                      skipped: of('no_address', 'suppressed', 'cancelled'),
                      failed: of('failed', 'uncertain'),
                    };
                    const all = counts.changed + counts.queued + counts.skipped + counts.failed;
                    const said = [
                      ...(of('queued', 'sending') > 0 ? [t('letters.going')] : []),
                      ...(of('to_print') > 0 ? [t('letters.to_print', { count: of('to_print'), number: number(of('to_print')) })] : []),
                      ...(of('no_address') > 0
                        ? [t('letters.no_address', { count: of('no_address'), number: number(of('no_address')) })]
                        : []),
                      ...(counts.failed > 0 ? [t('letters.failed', { count: counts.failed, number: number(counts.failed) })] : []),
                    ];
                    return (
                      <tr key={`${run} ${letter}`} {...ROLE.row}>
                        <td className="title" {...ROLE.cell} data-l="">
                          <TextLink to="/letters/$type" params={{ type: letter }} className="name">
                            {label ?? letter}
                          </TextLink>
                        </td>
                        <td {...ROLE.cell} data-l={t('letters.progress')} className="bar-cell">
                          <div>
                            <OutcomeBar
                              size="sm"
                              counts={counts}
                              words={{
                                changed: t('letters.sent_word'),
                                queued: t('letters.queued_word'),
                                skipped: t('letters.not_sent_word'),
                              }}
                            />
                          </div>
                        </td>
                        <td {...ROLE.cell} data-l={t('letters.sent')} className="num">
                          <span className="nowrap">{t('letters.sent_of', { sent: number(counts.changed), all: number(all) })}</span>
                        </td>
                        <td {...ROLE.cell} data-l={t('letters.job')} className="muted">
                          <span>
                            <TextLink to="/jobs/$id" params={{ id: String(run) }} className="plain-link">
                              {job}
                            </TextLink>
                            {said.length > 0 && ` · ${said.join(', ')}`}
                          </span>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Card>
  );
}
