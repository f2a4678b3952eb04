import { useTranslation } from 'react-i18next';
import { DateText, Notice } from '../../../../components/index.ts';
import { useCan } from '../../../../lib/access.ts';
import type { UserRecord } from '../record.ts';
import type { Edit } from '../use-edit.ts';

/** Says which records were merged into this one, and parts them again. */
export function MergedNotice({ record, edit }: { readonly record: UserRecord; readonly edit: Edit }) {
  const { t } = useTranslation('users');
  const can = useCan();
  return record.merged.map(({ primary_id, run, at }) => (
    <Notice
      key={run}
      tone="info"
      title={t('merge.merged', { id: primary_id })}
      {...(can('jobs:run')
        ? {
            actions: (
              <button type="button" disabled={edit.undoing !== null} onClick={() => void edit.undo(run, true)}>
                {t('merge.undo')}
              </button>
            ),
          }
        : {})}
    >
      <DateText value={at} as="instant" />
      {' · '}
      {t('merge.text')}
    </Notice>
  ));
}
