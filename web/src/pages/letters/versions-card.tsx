import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi, useApiMutation } from '../../api/index.ts';
import {
  Answer,
  Card,
  CheckIcon,
  DateText,
  EditIcon,
  HistoryIcon,
  type Icon,
  None,
  toast,
  toastProblem,
  ROLE,
} from '../../components/index.ts';
import { Comparison } from './comparison.tsx';
import { OF_A_TEXT, type TextKey } from './text-key.ts';

type Version = Output<'letter_text.versions'>['versions'][number];

/** Who a text is by that came with the program. */
const SUPPLIED = 'muster';

const BADGES: Readonly<Record<Version['state'], { readonly icon: Icon; readonly look: string }>> = {
  draft: { icon: EditIcon, look: 'warn' },
  published: { icon: CheckIcon, look: 'ok' },
  former: { icon: HistoryIcon, look: '' },
  unused: { icon: EditIcon, look: '' },
};

interface VersionsCardProps {
  readonly of: TextKey;
  readonly title: string;
  readonly writes: boolean;
}

/** Every version that was saved: compared, published, gone back to. None is ever lost. */
export function VersionsCard({ of: key, title, writes }: VersionsCardProps) {
  const { t } = useTranslation(['letters', 'common']);
  const versions = useApi('letter_text.versions', key);
  const [compared, setCompared] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const back = useApiMutation('letter_text.roll_back', { invalidates: OF_A_TEXT });
  const publish = usePublish(key);
  const goBack = (version: number): void =>
    back.mutate(
      { ...key, version },
      {
        onSuccess: ({ before }) => toast(t('version.back_done', { version }), before === null ? undefined : () => publish(before, false)),
        onError: toastProblem,
      },
    );
  return (
    <Card flush title={title} className="letter-versions">
      <Answer of={versions}>
        {({ versions: list }) => {
          const published = list.find(({ state }) => state === 'published');
          if (list.length === 0) return <p className="cb muted">{t('version.none')}</p>;
          return (
            <div className="tw">
              <table className="t cards" {...ROLE.table} aria-label={title}>
                <thead>
                  <tr>
                    <th scope="col">{t('version.number')}</th>
                    <th scope="col">{t('version.state')}</th>
                    <th scope="col">{t('version.saved')}</th>
                    <th scope="col">{t('version.note')}</th>
                    <th scope="col">
                      <span className="vh">{t('version.actions')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.map(({ number, state, note, created_at, created_by }) => {
                    const { icon: Drawn, look } = BADGES[state];
                    const other = published !== undefined && published.number !== number ? published.number : number - 1;
                    return (
                      <tr key={number}>
                        <td className="title" data-l="">
                          <b>{t('version.named', { version: number })}</b>
                        </td>
                        <td data-l={t('version.state')}>
                          <span className={`badge ${look}`}>
                            <Drawn />
                            {t(`version_state.${state}`)}
                          </span>
                        </td>
                        <td data-l={t('version.saved')}>
                          <span>
                            <DateText value={created_at} as="lately" />
                            <br />
                            <span className="muted small">{created_by === SUPPLIED ? t('version.by_muster') : created_by}</span>
                          </span>
                        </td>
                        <td data-l={t('version.note')} className={note === null ? 'muted x' : 'muted'}>
                          {note ?? <None />}
                        </td>
                        <td className="num">
                          <span className="row wrap end">
                            {other > 0 && (
                              <button
                                type="button"
                                className="link-button"
                                aria-label={t('version.compare_with', { version: number, other })}
                                onClick={() => setCompared({ from: Math.min(number, other), to: Math.max(number, other) })}
                              >
                                {t('version.compare')}
                              </button>
                            )}
                            {writes && state === 'former' && (
                              <button
                                type="button"
                                className="link-button"
                                aria-label={t('version.back_to', { version: number })}
                                onClick={() => goBack(number)}
                              >
                                {t('version.back')}
                              </button>
                            )}
                          </span>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          );
        }}
      </Answer>
      <Modal
        opened={compared !== null}
        onClose={() => setCompared(null)}
        size={820}
        title={compared === null ? '' : t('version.compared', compared)}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        {compared !== null && <Comparison of={key} {...compared} />}
      </Modal>
    </Card>
  );
}

/** Publishes a version; what was published before is one click away. */
export function usePublish(key: TextKey): (version: number, undoable?: boolean) => void {
  const { t } = useTranslation('letters');
  const publish = useApiMutation('letter_text.publish', { invalidates: OF_A_TEXT });
  const run = (version: number, undoable = true): void =>
    publish.mutate(
      { ...key, version },
      {
        onSuccess: ({ before }) =>
          toast(
            t('version.published', { version }),
            before === null || before === version || !undoable ? undefined : () => run(before, false),
          ),
        onError: toastProblem,
      },
    );
  return run;
}
