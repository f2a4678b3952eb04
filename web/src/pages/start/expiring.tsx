import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output, useApi } from '../../api/index.ts';
import { Answer, Card, TextLink } from '../../components/index.ts';
import { type Format, useFormat } from '../../lib/format.ts';

type Figures = ReturnType<typeof useApi<'library.figures'>>;
type Month = Output<'library.figures'>['expiring'][number];

const KINDS = ['all', 'INTERNAL', 'EXTERNAL'] as const;
type Kind = (typeof KINDS)[number];

/** Lines of the scale beside zero. */
const LINES = 3;

/** Accounts that end in the next twelve months; the bar one chooses leads to its users, or to a set of them. */
export function Expiring({ figures }: { readonly figures: Figures }) {
  const { t } = useTranslation(['start', 'common']);
  const [kind, setKind] = useState<Kind>('all');
  const [chosen, setChosen] = useState<number | null>(null);
  const months = figures.data?.expiring ?? [];
  const counts = months.map((month) => countOf(month, kind));
  const largest = counts.indexOf(Math.max(0, ...counts));
  const at = chosen ?? Math.max(0, largest);
  return (
    <Card
      title={t('expiring.title')}
      sub={<span className="hide-sm">{t('expiring.sub')}</span>}
      right={
        <SegmentedControl
          size="xs"
          aria-label={t('expiring.kind')}
          value={kind}
          onChange={(value) => setKind(value as Kind)} // of the data below
          data={KINDS.map((value) => ({ value, label: t(`expiring.${value}`) }))}
        />
      }
      foot={months[at] === undefined ? null : <Chosen month={months[at]} count={counts[at] ?? 0} kind={kind} />}
    >
      <Answer of={figures}>{() => <Columns months={months} counts={counts} chosen={at} onChoose={setChosen} />}</Answer>
    </Card>
  );
}

function countOf(month: Month, kind: Kind): number {
  return kind === 'all' ? month.users : (month.by_account_type[kind] ?? 0);
}

interface ColumnsProps {
  readonly months: readonly Month[];
  readonly counts: readonly number[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function Columns({ months, counts, chosen, onChoose }: ColumnsProps) {
  const { t } = useTranslation(['start', 'common']);
  const format = useFormat();
  const top = scaleOf(Math.max(1, ...counts));
  const lines = Array.from({ length: LINES + 1 }, (_, line) => (top * line) / LINES);
  return (
    <div className="columns">
      <div className="columns-scale" aria-hidden="true">
        {lines.map((value) => (
          <span key={value} style={{ bottom: `${(value / top) * 100}%` }}>
            {shortOf(value, format)}
          </span>
        ))}
      </div>
      <div className="columns-plot">
        <div className="columns-lines" aria-hidden="true">
          {lines.map((value) => (
            <i key={value} style={{ bottom: `${(value / top) * 100}%` }} />
          ))}
        </div>
        <ul className="columns-bars" aria-label={t('expiring.title')}>
          {months.map((month, index) => {
            const count = counts[index] ?? 0;
            const year = month.from.slice(0, 4);
            const newYear = index === 0 || months[index - 1]?.from.slice(0, 4) !== year;
            return (
              <li key={month.from}>
                <button
                  type="button"
                  className="column-bar"
                  aria-pressed={index === chosen}
                  aria-label={`${format.month(month.from, 'long')} ${year}: ${t('common:count.users', { count, number: format.number(count) })}`}
                  title={t('common:count.users', { count, number: format.number(count) })}
                  onClick={() => onChoose(index)}
                >
                  <span />
                  <span className="fill" style={{ height: `${(count / top) * 100}%` }}>
                    {index === chosen && <span className="at">{format.number(count)}</span>}
                  </span>
                  <span className="name">
                    <span className="wide">{format.month(month.from, 'short')}</span>
                    <span className="narrow">{format.month(month.from, 'narrow')}</span>
                    {newYear && <small>{year}</small>}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

function Chosen({ month, count, kind }: { readonly month: Month; readonly count: number; readonly kind: Kind }) {
  const { t } = useTranslation(['start', 'common']);
  const format = useFormat();
  const type = kind === 'all' ? '' : ` and account_type = "${kind}"`;
  const where = `expiry_date >= ${month.from} and expiry_date <= ${month.to}${type}`;
  return (
    <>
      <span role="status">
        <b className="strong">
          {format.month(month.from, 'long')} {month.from.slice(0, 4)}
          {':'}
        </b>{' '}
        {t('common:count.users', { count, number: format.number(count) })}
      </span>
      <span className="row push">
        <TextLink to="/users" search={{ where }}>
          {t('expiring.show')}
        </TextLink>
        <TextLink to="/sets/new" search={{ where }}>
          {t('expiring.make_set')}
        </TextLink>
      </span>
    </>
  );
}

/** The next round number that three equal steps lead to: 3, 6, 15, 30, 45 … */
function scaleOf(largest: number): number {
  const step = largest / LINES;
  const power = 10 ** Math.floor(Math.log10(step));
  const round = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((each) => each * power >= step) ?? 10;
  return Math.max(LINES, Math.ceil(round * power) * LINES);
}

/** 15,000 → 15k; German readers know no k, and get 15 Tsd. */
function shortOf(value: number, format: Format): string {
  if (value < 10_000) return format.number(Math.round(value));
  return new Intl.NumberFormat(format.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}
