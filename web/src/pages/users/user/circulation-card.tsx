import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { Answer, Card, ClockIcon, DateText, FileIcon, KeyFigure, NumberText, TagIcon } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';

const KINDS = ['loan', 'request', 'fee'] as const;
type Kind = (typeof KINDS)[number];
const ICONS = { loan: FileIcon, request: ClockIcon, fee: TagIcon } as const;
const SHOWN = 5;

/** Loans, requests and fees, as the library system told them last. */
export function CirculationCard({ user }: { readonly user: string }) {
  const { t } = useTranslation('users');
  const loans = useApi('users.circulation', { user, kind: 'loan', limit: SHOWN });
  const requests = useApi('users.circulation', { user, kind: 'request', limit: SHOWN });
  const fees = useApi('users.circulation', { user, kind: 'fee', limit: SHOWN });
  const asked = { loan: loans, request: requests, fee: fees };
  return (
    <Card id="circulation" title={t('section.circulation')}>
      <div className="stats user-stats">
        {KINDS.map((kind) => (
          <Figure key={kind} kind={kind} asked={asked[kind]} />
        ))}
      </div>
      {KINDS.map((kind) => (
        <Answer key={kind} of={asked[kind]} loading={null}>
          {({ items, total }) =>
            items.length === 0 ? null : (
              <section className="user-items">
                <h3>{t(`circulation.${kind}`)}</h3>
                <ul>
                  {items.map((item) => (
                    <li key={item.reference}>
                      <bdi className="grow trunc" title={item.title ?? item.reference}>
                        {item.title ?? item.reference}
                      </bdi>
                      <span className="muted nowrap">
                        <Amount amount={item.amount} currency={item.currency} /> {item.due_on !== null && <DateText value={item.due_on} />}
                      </span>
                    </li>
                  ))}
                </ul>
                {total > items.length && <p className="small muted">{t('circulation.more', { count: total - items.length })}</p>}
              </section>
            )
          }
        </Answer>
      ))}
    </Card>
  );
}

function Figure({ kind, asked }: { readonly kind: Kind; readonly asked: ReturnType<typeof useApi<'users.circulation'>> }) {
  const { t } = useTranslation('users');
  const Drawn = ICONS[kind];
  const data = asked.data;
  const first = data?.items[0]?.due_on ?? null;
  return (
    <KeyFigure
      icon={<Drawn small />}
      label={t(`circulation.${kind}`)}
      value={data === undefined ? '…' : kind === 'fee' ? <Amount amount={data.sum ?? '0'} currency={data.currency} /> : data.total}
      detail={
        kind === 'loan' && first !== null ? (
          <>
            {t('circulation.next_due')} <DateText value={first} />
          </>
        ) : kind === 'fee' && data !== undefined && data.total > 0 ? (
          t('circulation.fees', { count: data.total })
        ) : undefined
      }
    />
  );
}

function Amount({ amount, currency }: { readonly amount: string | null; readonly currency: string | null }) {
  const { locale } = useFormat();
  if (amount === null) return null;
  if (currency === null) return <NumberText value={Number(amount)} />;
  return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' }).format(Number(amount));
}
