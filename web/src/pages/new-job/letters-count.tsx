import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Card, languageName, NumberText } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { localeOf } from '../../lib/language.ts';
import type { Preview } from './job.ts';

const STATES = ['no_address', 'suppressed', 'opted_out', 'not_again', 'once', 'same_address'] as const;

/** The letters by type, channel and language; who gets none, and why. Adds up to those whom the plan chose. */
export function LettersCount({ preview }: { readonly preview: Preview }) {
  const { t, i18n } = useTranslation('new-job');
  const can = useCan();
  const types = useApi('notification_type.list', {}, { enabled: can('letters:read'), staleTime: 60_000 });
  const label = (code: string): string => {
    const type = types.data?.types.find((each) => each.code === code);
    return type === undefined ? code : i18n.language === 'de' ? type.label_de : type.label_en;
  };
  return (
    <Card title={t('letters.title')} sub={t('letters.of', { count: preview.letters.recipients })} flush>
      <div className="tw">
        <table className="t cards">
          <thead>
            <tr>
              <th scope="col">{t('letters.letter')}</th>
              <th scope="col">{t('letters.channel')}</th>
              <th scope="col">{t('letters.language')}</th>
              <th scope="col" className="num">
                {t('letters.count')}
              </th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(preview.letters.by_type).flatMap(([code, own]) => [
              ...Object.entries(own.channels).flatMap(([channel, languages]) =>
                Object.entries(languages)
                  .toSorted(([, a], [, b]) => b - a)
                  .map(([language, count]) => (
                    <tr key={`${code}-${channel}-${language}`}>
                      <td className="title">{label(code)}</td>
                      <td data-l={t('letters.channel')}>{channelWord(channel, t)}</td>
                      <td data-l={t('letters.language')}>{languageName(language, localeOf(i18n.language))}</td>
                      <td data-l={t('letters.count')} className="num">
                        <NumberText value={count} />
                      </td>
                    </tr>
                  )),
              ),
              ...STATES.filter((state) => own[state] > 0).map((state) => (
                <tr key={`${code}-${state}`}>
                  <td className="title">{label(code)}</td>
                  <td data-l={t('letters.channel')} className="muted" colSpan={2}>
                    {t(`letters.state.${state}`)}
                  </td>
                  <td data-l={t('letters.count')} className="num muted">
                    <NumberText value={own[state]} />
                  </td>
                </tr>
              )),
            ])}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

type T = ReturnType<typeof useTranslation<'new-job'>>['t'];

function channelWord(channel: string, t: T): string {
  return channel === 'email' || channel === 'sms' || channel === 'print' ? t(`letters.by.${channel}`) : channel;
}
