import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type FilterCatalogue, invalidate } from '../../../api/index.ts';
import { DateText, Notice, toast, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { localDay, useFormat } from '../../../lib/format.ts';
import { isActiveBlock, matchOf, type Section, textOf, type UserRecord } from './record.ts';
import type { Edit } from './use-edit.ts';

interface WarningsProps {
  readonly record: UserRecord;
  readonly catalogue: FilterCatalogue;
  readonly edit: Edit;
  readonly onEdit: (section: Section) => void;
  readonly onAddEmail: () => void;
  readonly onPassword: () => void;
}

/** What keeps the person from using the library, or a letter from reaching them; each with what can be done. */
export function Warnings({ record, catalogue, edit, onEdit, onAddEmail, onPassword }: WarningsProps) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const can = useCan();
  const client = useQueryClient();
  const mayEdit = can('users:write');
  const fieldsOf = (kind: string) => catalogue.children.find((each) => each.name === kind)?.fields ?? [];
  const emails = record.rows['email'] ?? [];
  const stopped = emails.filter((row) => record.suppressed.some(({ id }) => id === row.id));
  const good = emails.filter((row) => !stopped.includes(row));
  const expiry = textOf(record.fields['expiry_date']);
  const blocks = (record.rows['block'] ?? []).filter(isActiveBlock);
  const act = (changes: Parameters<Edit['change']>[0]): void => void edit.change(changes).catch(toastProblem);
  const lift = async (address: string): Promise<void> => {
    try {
      await api('suppression.lift', { channel: 'email', address });
      await invalidate(client, 'users.record');
      toast(t('warn.lifted', { address }));
    } catch (error) {
      toastProblem(error);
    }
  };
  const inactive = record.fields['status'] === 'INACTIVE';
  return (
    <div className="user-warnings">
      {blocks.map((row) => (
        <Notice
          key={row.id}
          tone="fail"
          title={t('warn.blocked', { what: row.labels['description'] ?? textOf(row.values['description']) })}
          actions={
            <>
              {mayEdit && (
                <button type="button" onClick={() => act([{ change: 'block', deactivate: matchOf(row, fieldsOf('block')) }])}>
                  {t('warn.deactivate')}
                </button>
              )}
              <a href="#circulation">{t('warn.see_fees')}</a>
            </>
          }
        >
          <p>
            {textOf(row.values['created_at']) !== '' && (
              <>
                {t('row.since')} <DateText value={textOf(row.values['created_at'])} />
                {'. '}
              </>
            )}
            <bdi>{textOf(row.values['note'])}</bdi>
          </p>
        </Notice>
      ))}
      {inactive && (
        <Notice
          tone="fail"
          title={t('warn.inactive')}
          {...(mayEdit
            ? {
                actions: (
                  <button type="button" onClick={() => act([{ change: 'status', set: 'ACTIVE' }])}>
                    {t('warn.activate')}
                  </button>
                ),
              }
            : {})}
        />
      )}
      {expiry !== '' && expiry < localDay(new Date()) && (
        <Notice
          tone="warn"
          title={t('warn.expired', { date: format.date(expiry) })}
          {...(mayEdit
            ? {
                actions: (
                  <>
                    <button type="button" onClick={() => act([{ change: 'expiry_date', set: 'today + 1 year' }])}>
                      {t('warn.a_year')}
                    </button>
                    <button type="button" onClick={() => onEdit('account')}>
                      {t('warn.other_date')}
                    </button>
                  </>
                ),
              }
            : {})}
        >
          {format.spelled(expiry)}
        </Notice>
      )}
      {emails.length === 0 && (
        <Notice
          tone="warn"
          title={t('warn.no_email')}
          {...(mayEdit
            ? {
                actions: (
                  <button type="button" onClick={onAddEmail}>
                    {t('warn.add_email')}
                  </button>
                ),
              }
            : {})}
        >
          {t('warn.no_email_text')}
        </Notice>
      )}
      {stopped.map((row) => {
        const address = textOf(row.values['address']);
        const why = record.suppressed.find(({ id }) => id === row.id);
        const [other] = good;
        return (
          <Notice
            key={row.id}
            tone="warn"
            title={t('warn.suppressed', { address })}
            {...(mayEdit
              ? {
                  actions: (
                    <>
                      {other !== undefined && row.values['preferred'] === true && (
                        <button type="button" onClick={() => act([{ change: 'email', prefer: matchOf(other, fieldsOf('email')) }])}>
                          {t('warn.use_other', { address: textOf(other.values['address']) })}
                        </button>
                      )}
                      {other === undefined && (
                        <button type="button" onClick={onAddEmail}>
                          {t('warn.add_email')}
                        </button>
                      )}
                      <button type="button" onClick={() => void lift(address)}>
                        {t('warn.lift')}
                      </button>
                    </>
                  ),
                }
              : {})}
          >
            {why !== undefined && (
              <p>
                {t(`stopped_text.${why.reason}`)} <DateText value={why.since} as="lately" />
              </p>
            )}
          </Notice>
        );
      })}
      {record.fields['credential_state'] === 'pending' && (
        <Notice
          tone="warn"
          title={t('warn.pending')}
          {...(can('access:sign-in')
            ? {
                actions: (
                  <button type="button" onClick={onPassword}>
                    {t('warn.issue')}
                  </button>
                ),
              }
            : {})}
        >
          {t('warn.pending_text')}
        </Notice>
      )}
    </div>
  );
}
