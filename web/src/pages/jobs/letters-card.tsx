import { useTranslation } from 'react-i18next';
import { BlockIcon, Card, MailIcon, Notice, NumberText, OutcomeBar, PhoneIcon, PrintIcon, TextLink, ROLE } from '../../components/index.ts';
import { useApi } from '../../api/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import type { Report } from './job-page.tsx';
import { useRate } from './letter-rate.ts';

const CHANNELS = ['email', 'sms', 'print'] as const;
const ICONS = { email: MailIcon, sms: PhoneIcon, print: PrintIcon } as const;
const STATES = ['sent', 'queued', 'retry', 'failed', 'not_sent'] as const;
type Shown = (typeof STATES)[number];

type ByState = Readonly<Record<string, number>>;

/** What of the outbox's states stands in which column. */
function columnsOf(states: ByState): Readonly<Record<Shown, number>> {
  const of = (...names: readonly string[]): number => names.reduce((sum, name) => sum + (states[name] ?? 0), 0);
  return {
    sent: of('sent'),
    queued: of('queued', 'sending', 'held'),
    retry: of('retry'),
    failed: of('failed', 'uncertain'),
    not_sent: of('no_address', 'suppressed', 'cancelled'),
  };
}

interface Ledger {
  readonly all: number;
  readonly sent: number;
  /** Queued, being sent, held or to be tried again. */
  readonly waiting: number;
  readonly failed: number;
  readonly held: number;
  /** Of those that wait, what somebody has to print. */
  readonly toPrint: number;
}

export function ledgerOf({ letters }: Report): Ledger {
  const channels = Object.entries(letters.by_channel);
  const columns = channels.map(([, states]) => columnsOf(states));
  const sum = (...of: readonly Shown[]): number =>
    columns.reduce((total, own) => total + of.reduce((part, name) => part + own[name], 0), 0);
  return {
    all: sum(...STATES),
    sent: sum('sent'),
    waiting: sum('queued', 'retry'),
    failed: sum('failed'),
    held: channels.reduce((total, [, states]) => total + (states['held'] ?? 0), 0),
    toPrint: letters.by_channel['print']?.['queued'] ?? 0,
  };
}

/** Letters go out by themselves just now: what is printed waits for a person, and what is held for another. */
export function isSending(report: Report): boolean {
  const { waiting, held, toPrint } = ledgerOf(report);
  return waiting - held - toPrint > 0;
}

/** How far the letters of a run are, by the way they go. */
export function LettersCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation(['jobs', 'common']);
  const format = useFormat();
  const can = useCan();
  const types = useApi('letter.list', {}, { enabled: can('letters:read'), staleTime: 300_000 });
  const { letters } = report;
  const { all, sent, waiting, failed, held, toPrint } = ledgerOf(report);
  const sending = isSending(report);
  const rate = useRate(sent, sending);
  if (letters.recipients === 0 && all === 0) return null;
  const channels = CHANNELS.filter((channel) => letters.by_channel[channel] !== undefined);
  const labels = new Map((types.data?.types ?? []).map(({ type, label }) => [type, label]));
  const wording = [
    ...new Set(letters.wording.map(({ type, number }) => t('letters.version', { letter: labels.get(type) ?? type, version: number }))),
  ].join(', ');
  const left = [
    ...(letters.opted_out > 0 ? [t('letters.opted_out', { count: letters.opted_out, number: format.number(letters.opted_out) })] : []),
    ...(letters.not_again > 0 ? [t('letters.not_again', { count: letters.not_again, number: format.number(letters.not_again) })] : []),
    ...(letters.once > 0 ? [t('letters.once', { count: letters.once, number: format.number(letters.once) })] : []),
    ...(letters.same_address > 0
      ? [t('letters.same_address', { count: letters.same_address, number: format.number(letters.same_address) })]
      : []),
  ];
  return (
    <Card
      flush
      title={t('letters.title')}
      sub={<span className="hide-sm">{wording}</span>}
      right={
        can('letters:read') && (
          <TextLink to="/outbox" search={{ run: report.id } as never}>
            {t('letters.outbox')}
          </TextLink>
        )
      }
      {...(left.length === 0 ? {} : { foot: <span>{t('letters.left_out', { reasons: left.join(', ') })}</span> })}
    >
      {all > 0 && (
        <div className="cb">
          <p className="letters-share">
            <b>{format.share(sent, sent + waiting + failed)}</b> <span className="muted">{t('letters.of_sent')}</span>
            {rate !== null && rate > 0 && (
              <span className="muted small">
                {[
                  '',
                  t('letters.per_minute', { rate: format.number(Math.round(rate * 60)) }),
                  t('common:run.left', { time: format.duration((waiting - held - toPrint) / rate) }),
                ].join(' · ')}
              </span>
            )}
          </p>
          <OutcomeBar
            size="lg"
            counts={{ changed: sent, queued: waiting, failed, unchanged: all - sent - waiting - failed }}
            words={{
              changed: t('letters.word.sent'),
              queued: t('letters.word.queued'),
              failed: t('letters.word.failed'),
              unchanged: t('letters.word.not_sent'),
            }}
          />
          {letters.credentials_pending > 0 && (
            <div className="after-stats">
              <Notice
                tone="warn"
                title={t('letters.pending', { count: letters.credentials_pending, number: format.number(letters.credentials_pending) })}
              >
                {t('letters.pending_text')}
              </Notice>
            </div>
          )}
        </div>
      )}
      <div className="tw">
        <table className="t cards ledger" {...ROLE.table} aria-label={t('letters.title')}>
          <thead>
            <tr>
              <th scope="col">{t('letters.channel')}</th>
              {STATES.map((state) => (
                <th key={state} scope="col" className="num">
                  {t(`letters.${state}`)}
                </th>
              ))}
              <th scope="col" className="num">
                {t('letters.all')}
              </th>
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => {
              const own = columnsOf(letters.by_channel[channel] ?? {});
              const Drawn = ICONS[channel];
              return (
                <tr key={channel} {...ROLE.row}>
                  <td className="title" {...ROLE.cell}>
                    <span className="o t2">
                      <Drawn />
                      <span className="strong">{t(`channel.${channel}`)}</span>
                    </span>
                  </td>
                  {STATES.map((state) => (
                    <Cell key={state} label={t(`letters.${state}`)} value={own[state]} />
                  ))}
                  <Cell label={t('letters.all')} value={STATES.reduce((sum, state) => sum + own[state], 0)} />
                </tr>
              );
            })}
            {channels.length === 0 && (
              <tr {...ROLE.row}>
                <td className="title" {...ROLE.cell} colSpan={STATES.length + 2}>
                  <span className="o muted">
                    <BlockIcon />
                    {t('letters.none')}
                  </span>
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Cell({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <td className={value === 0 ? 'num muted x' : 'num'} {...ROLE.cell} data-l={label}>
      <span>
        <NumberText value={value} />
      </span>
    </td>
  );
}
