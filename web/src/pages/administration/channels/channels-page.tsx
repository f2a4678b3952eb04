import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem, type Output, useApi } from '../../../api/index.ts';
import { Answer, Card, ChangedIcon, Notice, RefreshIcon, TextLink } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { SettingValue } from '../library/setting-value.tsx';
import { AdminPage } from '../parts/admin-page.tsx';
import { ProblemNotice } from '../parts/form-dialog.tsx';

type Channel = Output<'channel.show'>['channels'][number];

export function ChannelsPage() {
  const { t } = useTranslation('admin-library');
  const channels = useApi('channel.show', {});
  return (
    <AdminPage title={t('channels_title')} sub={t('channels_sub')}>
      <Answer of={channels}>{(answer) => answer.channels.map((channel) => <ChannelCard key={channel.channel} channel={channel} />)}</Answer>
      <PrintCard />
    </AdminPage>
  );
}

/** Paper has no server to be tried: which letters are printed is a setting, and they are fetched in the outbox. */
function PrintCard() {
  const { t } = useTranslation('admin-library');
  const can = useCan();
  const setting = useApi('settings.get', { name: 'letters.print' });
  return (
    <Card title={t('channel_print')}>
      <div className="stackv">
        <dl className="dl">
          <dt>{t('channel_print_whom')}</dt>
          <dd>{setting.data === undefined ? '' : <SettingValue value={setting.data.value} />}</dd>
        </dl>
        <Notice
          tone="info"
          title={t('channel_print_title')}
          actions={
            can('letters:read') && (
              <TextLink to="/outbox" search={{ view: 'print' }}>
                {t('channel_print_link')}
              </TextLink>
            )
          }
        >
          {t('channel_print_text')}
        </Notice>
      </div>
    </Card>
  );
}

function ChannelCard({ channel }: { readonly channel: Channel }) {
  const { t } = useTranslation('admin-library');
  const can = useCan();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Output<'channel.test'> | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const test = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    setResult(null);
    try {
      setResult(await api('channel.test', { channel: channel.channel }));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const { kind } = channel;
  return (
    <Card
      title={t(`channel_${channel.channel}`)}
      right={
        kind !== null &&
        can('settings:write') && (
          <Button leftSection={<RefreshIcon />} loading={busy} onClick={() => void test()}>
            {t('channel_test')}
          </Button>
        )
      }
    >
      <div className="stackv">
        <dl className="dl">
          <dt>{t('channel_way')}</dt>
          <dd>{kind === null ? t('channel_unset') : t(`kind_${kind}`)}</dd>
          <dt>{t('channel_state')}</dt>
          <dd>{t(channel.enabled ? 'channel_on' : 'channel_off')}</dd>
          {Object.entries(channel.details).map(([name, value]) => (
            <Detail key={name} name={name} value={value} />
          ))}
        </dl>
        {kind === null && (
          <Notice tone="info" title={t('channel_unset_title')}>
            {t('channel_unset_text')}
          </Notice>
        )}
        {kind === 'mailbox' && (
          <Notice tone="info" title={t('channel_mailbox_title')}>
            {t('channel_mailbox_text')}
          </Notice>
        )}
        {problem !== null && <ProblemNotice problem={problem} />}
        {result !== null && <TestResult result={result} />}
      </div>
    </Card>
  );
}

const DETAILS = [
  'address',
  'bounce_address',
  'bounce_directory',
  'bounce_webhook',
  'content_type',
  'directory',
  'dkim_record',
  'dkim_value',
  'from',
  'headers',
  'host',
  'method',
  'own_authority',
  'port',
  'reference',
  'tls',
] as const;

/** What the channel says of itself; what we have no word for stands under its own name. */
function Detail({ name, value }: { readonly name: string; readonly value: string | number | boolean | null }) {
  const { t } = useTranslation('admin-library');
  const known = DETAILS.find((each) => each === name);
  return (
    <>
      <dt {...(known === undefined ? { className: 'mono small' } : {})}>{known === undefined ? name : t(`detail.${known}`)}</dt>
      <dd className="adm-break">
        {value === null ? t('value_none') : typeof value === 'boolean' ? t(value ? 'value_yes' : 'value_no') : String(value)}
      </dd>
    </>
  );
}

function TestResult({ result }: { readonly result: Output<'channel.test'> }) {
  const { t } = useTranslation('admin-library');
  const { number } = useFormat();
  return result.reachable ? (
    <Notice tone="info" icon={ChangedIcon} title={t('channel_reached')} live>
      {t('channel_took', { time: number(result.milliseconds) })}
    </Notice>
  ) : (
    <Notice tone="fail" title={t('channel_not_reached')} live>
      {result.reason}
    </Notice>
  );
}
