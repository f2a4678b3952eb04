import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, KeyIcon, MailIcon, Notice, TextLink } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import type { Draft, Notify } from './draft.ts';
import { JobLetter } from './job-letter.tsx';
import { useJob } from './job.ts';
import { StepFoot } from './step-foot.tsx';

type NotificationType = Output<'notification_type.list'>['types'][number];

/** Which letter goes out, to whom and how; and as whom one looks at it. */
export function LetterStep() {
  const { t } = useTranslation('new-job');
  const can = useCan();
  const types = useApi('notification_type.list', {}, { enabled: can('letters:read'), staleTime: 60_000 });
  if (!can('letters:read')) {
    return (
      <Card title={t('letter.title')}>
        <p className="muted">{t('letter.no_permission')}</p>
        <StepFoot />
      </Card>
    );
  }
  return <Answer of={types}>{({ types: all }) => <Letters all={all} />}</Answer>;
}

/** What the changes give people to get in with; null: nothing, or no letter that tells them. */
export function credentialsOf(draft: Draft): 'password' | 'link' | null {
  for (const { change, input } of draft.changes) {
    const given =
      change === 'password'
        ? input['reset']
        : change === 'account_type' && input['set'] === 'INTERNAL'
          ? (input['credentials'] ?? 'password')
          : null;
    if ((given === 'password' || given === 'link') && input['letter'] !== false) return given;
  }
  return null;
}

function Letters({ all }: { readonly all: readonly NotificationType[] }) {
  const { t, i18n } = useTranslation('new-job');
  const { draft, update, preview } = useJob();
  const usable = all.filter((type) => type.active && !type.credentials);
  const label = (type: NotificationType): string => (i18n.language === 'de' ? type.label_de : type.label_en);
  const sends = draft.notify !== null || Object.keys(preview?.letters.by_type ?? {}).length > 0;
  const chosen = all.find((type) => type.code === draft.notify?.type);
  const put = (notify: Notify | null): void => update((before) => ({ ...before, notify }));
  const brings = credentialsOf(draft);
  const noChanges = draft.changes.length === 0;
  return (
    <div className="grid nj-two">
      <div className="stackv">
        <Card title={t('letter.title')}>
          <div className="stackv">
            <fieldset className="nj-radios">
              <legend className="vh">{t('letter.type')}</legend>
              <label>
                <input type="radio" name="letter" checked={draft.notify === null} onChange={() => put(null)} />
                <span className="grow">
                  <b>{t('letter.none')}</b>
                  <span className="small muted">{t('letter.none_text')}</span>
                </span>
              </label>
              {usable.map((type) => (
                <label key={type.code}>
                  <input
                    type="radio"
                    name="letter"
                    checked={draft.notify?.type === type.code}
                    onChange={() => put({ ...draft.notify, type: type.code })}
                  />
                  <span className="grow">
                    <b>{label(type)}</b>
                    <span className="small muted">{(i18n.language === 'de' ? type.description_de : type.description_en) ?? type.code}</span>
                  </span>
                  {type.is_default && <span className="badge plain">{t('letter.default')}</span>}
                </label>
              ))}
            </fieldset>
            {draft.notify !== null && chosen !== undefined && !chosen.active && (
              <Notice tone="fail" title={t('letter.inactive', { type: label(chosen) })} live />
            )}
            {draft.notify !== null && (
              <div className="row wrap top nj-pair">
                <Select
                  label={t('letter.to_whom')}
                  data={(noChanges ? (['all'] as const) : (['changed', 'matched', 'all'] as const)).map((value) => ({
                    value,
                    label: t(`letter.recipients.${value}`),
                  }))}
                  value={noChanges ? 'all' : (draft.notify.to ?? 'changed')}
                  onChange={(to) =>
                    draft.notify !== null && put({ ...draft.notify, to: to === 'matched' || to === 'all' ? to : 'changed' })
                  }
                  allowDeselect={false}
                />
                <Select
                  label={t('letter.channel')}
                  data={(['preferred', 'email', 'print'] as const).map((value) => ({ value, label: t(`letter.channels.${value}`) }))}
                  value={draft.notify.channel ?? 'preferred'}
                  onChange={(channel) =>
                    draft.notify !== null &&
                    put({ ...draft.notify, channel: channel === 'email' || channel === 'print' ? channel : 'preferred' })
                  }
                  allowDeselect={false}
                />
              </div>
            )}
          </div>
        </Card>
        {brings !== null && (
          <Notice tone="info" icon={KeyIcon} title={brings === 'link' ? t('letter.by_itself_link') : t('letter.by_itself_password')}>
            <p>{t('letter.by_itself_text')}</p>
          </Notice>
        )}
      </div>
      <div className="stackv">
        {sends ? (
          <JobLetter />
        ) : (
          <Card title={t('letter.paper')}>
            <EmptyState icon={MailIcon} title={t('letter.nothing')} text={t('letter.nothing_text')} />
          </Card>
        )}
        {draft.notify !== null && (
          <p className="small">
            <TextLink to="/letters/$type" params={{ type: draft.notify.type }}>
              {t('letter.edit')}
            </TextLink>
          </p>
        )}
        <StepFoot />
      </div>
    </div>
  );
}
