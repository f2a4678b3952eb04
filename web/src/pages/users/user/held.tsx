import { useTranslation } from 'react-i18next';
import { DateText, Notice, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import type { UserRecord } from './record.ts';
import type { Edit } from './use-edit.ts';

type HeldField = UserRecord['held'][number];

/** Gives fields back to the feed: these, or all that are held. */
function useGiveBack(edit: Edit): (fields?: readonly string[]) => void {
  return (fields) => void edit.change([{ change: 'give_back_to_feed', ...(fields === undefined ? {} : { fields }) }]).catch(toastProblem);
}

/** Beside the library's value: what the feed says, since when it does not count, and the way back. */
export function HeldValue({ held, edit }: { readonly held: HeldField; readonly edit: Edit }) {
  const { t } = useTranslation('users');
  const can = useCan();
  const giveBack = useGiveBack(edit);
  const { feed, since } = held;
  return (
    <span className="user-held">
      <span className="badge plain">{t('held')}</span>
      <span className="small t2">
        {feed === null ? t('held_unknown') : `${t('held_feed')} `}
        {feed !== null && (feed.value === null ? t('held_nothing') : <bdi>{feed.label ?? feed.value}</bdi>)}
        {since !== null && (
          <>
            {' · '}
            {t('held_since')} <DateText value={since} />
          </>
        )}
      </span>
      {can('users:write') && (
        <button
          type="button"
          className="link-button small"
          aria-label={t('give_back_field', { field: held.label })}
          onClick={() => giveBack([held.field])}
        >
          {t('give_back')}
        </button>
      )}
    </span>
  );
}

/** Says above the record that fields do not follow the feed, and gives back all of them. */
export function HeldNotice({ record, edit }: { readonly record: UserRecord; readonly edit: Edit }) {
  const { t } = useTranslation('users');
  const can = useCan();
  const giveBack = useGiveBack(edit);
  const { held } = record;
  if (held.length === 0) return null;
  return (
    <Notice
      tone="info"
      title={t('held_title', { count: held.length })}
      {...(can('users:write')
        ? {
            actions: (
              <button type="button" onClick={() => giveBack()}>
                {t('give_back_all', { count: held.length })}
              </button>
            ),
          }
        : {})}
    >
      {held.map(({ label }) => label).join(', ')}
    </Notice>
  );
}
