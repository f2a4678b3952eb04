import { useTranslation } from 'react-i18next';
import type { FilterCatalogue } from '../../../api/index.ts';
import {
  BlockIcon,
  Card,
  DateText,
  type Icon,
  LibraryIcon,
  MailIcon,
  NoteIcon,
  PhoneIcon,
  ShieldIcon,
  TagIcon,
  HomeIcon,
  WarnIcon,
} from '../../../components/index.ts';
import { isActiveBlock, type RecordRow, textOf, type UserRecord } from './record.ts';
import { AddRow, type KindOfRow, RowForm, RowLine, useRowForm, useRowVerbs } from './rows-section.tsx';
import type { Edit } from './use-edit.ts';

const ICONS: Readonly<Record<string, Icon>> = {
  identifier: TagIcon,
  email: MailIcon,
  phone: PhoneIcon,
  address: HomeIcon,
  block: BlockIcon,
  note: NoteIcon,
  role: ShieldIcon,
  statistic: TagIcon,
  rs_library: LibraryIcon,
  letter_preference: MailIcon,
};

/** Cards of the page, with the kinds of rows in each. */
export const ROW_CARDS = {
  identifiers: ['identifier'],
  contact: ['email', 'phone', 'address'],
  blocks: ['block', 'note'],
  roles: ['role', 'statistic', 'rs_library'],
  preferences: ['letter_preference'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type RowCard = keyof typeof ROW_CARDS;

interface RowsCardProps {
  readonly card: RowCard;
  readonly record: UserRecord;
  readonly catalogue: FilterCatalogue;
  readonly edit: Edit;
}

export function RowsCard({ card, record, catalogue, edit }: RowsCardProps) {
  const { t, i18n } = useTranslation('users');
  const { form, open, close } = useRowForm();
  const kinds = ROW_CARDS[card].flatMap((kind): KindOfRow[] => {
    const found = catalogue.children.find((each) => each.name === kind);
    // What is closed to somebody is not there at all.
    if (found === undefined || record.rows[kind] === undefined) return [];
    return [{ kind, label: i18n.language === 'de' ? found.label.de : found.label.en, fields: found.fields }];
  });
  const rows = kinds.flatMap((kind) => (record.rows[kind.kind] ?? []).map((row) => ({ kind, row })));
  if (kinds.length === 0) return null;
  return (
    <Card
      id={card}
      flush
      title={t(`section.${card}`)}
      right={<Adds kinds={kinds} onAdd={(kind) => open(kind, null)} />}
      className="user-rows-card"
    >
      {rows.length === 0 ? (
        <p className="muted user-none">{t(`none.${card}`)}</p>
      ) : (
        <ul className="user-rows">
          {rows.map(({ kind, row }) => (
            <RowLine
              key={`${kind.kind} ${row.id}`}
              kind={kind}
              row={row}
              icon={ICONS[kind.kind] ?? TagIcon}
              {...(kind.kind === 'block' && isActiveBlock(row) ? { iconColour: 'var(--fail-text)' } : {})}
              edit={edit}
              onEdit={() => open(kind, row)}
              name={titleOf(kind.kind, row)}
            >
              <RowText kind={kind.kind} row={row} record={record} />
            </RowLine>
          ))}
        </ul>
      )}
      {form !== null && <RowForm kind={form.kind} row={form.row} record={record} edit={edit} onClose={close} />}
    </Card>
  );
}

function Adds({ kinds, onAdd }: { readonly kinds: readonly KindOfRow[]; readonly onAdd: (kind: KindOfRow) => void }) {
  const [one, two, three] = [0, 1, 2].map((at) => kinds[at]?.kind ?? '');
  const may = [useRowVerbs(one ?? ''), useRowVerbs(two ?? ''), useRowVerbs(three ?? '')];
  return <AddRow kinds={kinds.filter((_, at) => may[at]?.add === true)} onAdd={onAdd} />;
}

function said(row: RecordRow, name: string): string {
  return row.labels[name] ?? textOf(row.values[name]);
}

export function titleOf(kind: string, row: RecordRow): string {
  const v = (name: string): string => textOf(row.values[name]);
  switch (kind) {
    case 'identifier':
      return v('value');
    case 'email':
      return v('address');
    case 'phone':
      return v('number');
    case 'address':
      return addressOf(row);
    case 'note':
      return v('text');
    case 'block':
      return said(row, 'description');
    case 'role':
      return said(row, 'type');
    case 'statistic':
      return said(row, 'category');
    default:
      return said(row, 'code');
  }
}

function addressOf(row: RecordRow): string {
  const lines = ['line1', 'line2', 'line3', 'line4', 'line5'].map((name) => textOf(row.values[name]));
  const place = [textOf(row.values['postal_code']), textOf(row.values['city'])].filter((part) => part !== '').join(' ');
  return [...lines, place, textOf(row.values['state_province']), said(row, 'country')].filter((part) => part !== '').join(', ');
}

function RowText({ kind, row, record }: { readonly kind: string; readonly row: RecordRow; readonly record: UserRecord }) {
  const { t } = useTranslation('users');
  const title = titleOf(kind, row);
  const inactive = row.values['status'] === 'INACTIVE' && <span className="badge plain">{said(row, 'status')}</span>;
  const kinds = [row.values['preferred'] === true ? t('row.preferred') : '', said(row, 'types')].filter((part) => part !== '').join(' · ');
  const note = textOf(row.values['note']) !== '' && (
    <p className="small muted">
      <bdi>{textOf(row.values['note'])}</bdi>
    </p>
  );
  const since = textOf(row.values['created_at']);
  const by = textOf(row.values['created_by']);
  switch (kind) {
    case 'identifier':
      return (
        <>
          <span className="user-row-kind muted">{said(row, 'type')}</span> <bdi className="mono">{title}</bdi> {inactive}
          {note}
        </>
      );
    case 'email': {
      const stopped = record.suppressed.find(({ id }) => id === row.id);
      return (
        <>
          <bdi>{title}</bdi> <span className="muted">{kinds}</span>{' '}
          {stopped !== undefined && (
            <span className="badge warn">
              <WarnIcon />
              {t(`stopped.${stopped.reason}`)}
            </span>
          )}
        </>
      );
    }
    case 'phone':
      return (
        <>
          <bdi>{title}</bdi> <span className="muted">{kinds}</span>{' '}
          {row.values['preferred_sms'] === true && <span className="muted">{t('row.sms')}</span>}
        </>
      );
    case 'address':
      return (
        <>
          <bdi>{title}</bdi> <span className="muted">{kinds}</span>
          {note}
        </>
      );
    case 'note':
      return (
        <>
          <bdi>{title}</bdi>
          <p className="small muted">
            {[said(row, 'type'), by].filter((part) => part !== '').join(' · ')} {since !== '' && <DateText value={since} />}
            {` · ${t(row.values['user_viewable'] === true ? 'row.user_sees' : 'row.staff_only')}`}
          </p>
        </>
      );
    case 'block': {
      const ends = textOf(row.values['expiry_date']);
      return (
        <>
          <b>{title}</b> {inactive}
          <p className="small muted">
            {since !== '' && (
              <>
                {t('row.since')} <DateText value={since} />
              </>
            )}
            {by !== '' && ` · ${by}`} ·{' '}
            {ends === '' ? (
              t('row.no_end')
            ) : (
              <>
                {t('row.until')} <DateText value={ends} />
              </>
            )}
          </p>
          {note}
        </>
      );
    }
    case 'role': {
      const ends = textOf(row.values['expiry_date']);
      return (
        <>
          <b>{title}</b> <span className="muted">{said(row, 'scope')}</span> {inactive}
          {ends !== '' && (
            <p className="small muted">
              {t('row.until')} <DateText value={ends} />
            </p>
          )}
        </>
      );
    }
    case 'statistic':
      return (
        <>
          {said(row, 'type') !== '' && <span className="muted">{said(row, 'type')} </span>}
          <b>{title}</b>
          {note}
        </>
      );
    case 'letter_preference':
      return (
        <>
          {title}{' '}
          <span className={row.values['value'] === true ? 'badge ok' : 'badge plain'}>
            {t(row.values['value'] === true ? 'row.wanted' : 'row.unwanted')}
          </span>
        </>
      );
    default:
      return <b>{title}</b>;
  }
}
