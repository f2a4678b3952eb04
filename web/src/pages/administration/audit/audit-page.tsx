import { Button, Modal, Select, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download, type Output } from '../../../api/index.ts';
import { Card, type Column, DataTable, DateText, DownloadIcon, NoMatch, None, toastProblem, usePages } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { said } from '../parts/fields.tsx';
import type { AuditSearch } from '../routes.ts';

type Entry = Output<'audit.search'>['entries'][number];

const route = getRouteApi('/administration/audit');
const SOURCES = { http: 'source_http', cli: 'source_cli', alma: 'source_alma', worker: 'source_worker' } as const;
const THINGS = [
  'address',
  'audit',
  'bounce',
  'channel',
  'code_table',
  'erasure',
  'feed',
  'feed_file',
  'frame',
  'import',
  'key',
  'letter',
  'library',
  'message',
  'outbox',
  'print_batch',
  'profile',
  'provider',
  'retention',
  'role',
  'rule',
  'run',
  'schedule',
  'session',
  'set',
  'setting',
  'snippet',
  'suppression',
  'system',
  'template',
  'user',
  'users',
  'values',
  'webhook',
] as const;
type Thing = (typeof THINGS)[number];
const OUTCOMES = ['done', 'refused', 'failed'] as const;
const TONES = { done: 'badge ok plain', refused: 'badge warn plain', failed: 'badge failed plain' } as const;
const EXAMPLES = { actor: '', operation: 'user.*', id: '', text: '' } as const;

export function AuditPage() {
  const { t } = useTranslation('admin-system');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const thing = useThings();
  const [typed, setTyped] = useState<AuditSearch>(search);
  const [shown, setShown] = useState<Entry | null>(null);
  const [busy, setBusy] = useState(false);
  // Going back in the browser shows what the address says.
  const address = JSON.stringify(search);
  useEffect(() => setTyped(JSON.parse(address) as AuditSearch), [address]); // what has just been written
  const rows = usePages('audit.search', search, {
    at: (input, next) => ({ ...input, before: String(next) }),
    next: (page) => page.next,
    rows: (page) => page.entries,
  });
  const put = (next: Partial<Record<keyof AuditSearch, string | null>>): void => {
    const all = Object.entries({ ...typed, ...next }).filter(([, value]) => value !== null);
    setTyped(Object.fromEntries(all) as AuditSearch); // of those very fields
  };
  const columns: readonly Column<Entry>[] = [
    { id: 'at', label: t('audit_at'), title: true, cell: ({ at }) => <DateText value={at} as="instant" /> },
    { id: 'actor', label: t('audit_actor'), cell: ({ actor }) => <bdi>{actor}</bdi> },
    { id: 'operation', label: t('audit_operation'), cell: ({ operation }) => <code className="mono small">{operation}</code> },
    {
      id: 'about',
      label: t('audit_about'),
      cell: ({ entity, entity_id }) =>
        entity === null ? (
          <None />
        ) : (
          <span className="adm-break">
            {thing.word(entity)} {entity_id !== null && <bdi className="mono small">{entity_id}</bdi>}
          </span>
        ),
    },
    { id: 'outcome', label: t('audit_outcome'), cell: ({ outcome }) => <span className={TONES[outcome]}>{t(`audit_${outcome}`)}</span> },
    {
      id: 'from',
      label: t('audit_source'),
      cell: ({ source, address: from }) => <span className="small muted">{[sourceText(t, source), from].filter(Boolean).join(' · ')}</span>,
    },
    {
      id: 'more',
      label: t('acts'),
      acts: true,
      cell: (entry) => (
        <Button size="xs" aria-label={t('audit_show_one', { operation: entry.operation, id: entry.id })} onClick={() => setShown(entry)}>
          {t('audit_show')}
        </Button>
      ),
    },
  ];
  const save = async (): Promise<void> => {
    setBusy(true);
    await download('audit.export', search).catch(toastProblem);
    setBusy(false);
  };
  return (
    <AdminPage
      title={t('audit_title')}
      sub={t('audit_sub')}
      actions={
        <Button leftSection={<DownloadIcon />} loading={busy} onClick={() => void save()}>
          {t('audit_export')}
        </Button>
      }
    >
      <Card>
        <form
          className="stackv"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void navigate({ search: said(typed as Record<string, unknown>) as AuditSearch }); // without what was left empty
          }}
        >
          <div className="adm-filters">
            {(Object.keys(EXAMPLES) as (keyof typeof EXAMPLES)[]).map((name) => (
              <TextInput
                key={name}
                label={t(`audit_find_${name}`)}
                placeholder={EXAMPLES[name]}
                value={typed[name] ?? ''}
                onChange={(event) => put({ [name]: event.currentTarget.value })}
              />
            ))}
            <Select
              label={t('audit_find_entity')}
              placeholder={t('audit_any')}
              clearable
              searchable
              data={[...thing.all]}
              value={typed.entity ?? null}
              onChange={(entity) => put({ entity })}
            />
            <Select
              label={t('audit_outcome')}
              placeholder={t('audit_any')}
              clearable
              data={OUTCOMES.map((value) => ({ value, label: t(`audit_${value}`) }))}
              value={typed.outcome ?? null}
              onChange={(outcome) => put({ outcome })}
            />
            <TextInput
              type="date"
              label={t('audit_from')}
              value={typed.from ?? ''}
              onChange={(event) => put({ from: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t('audit_to')}
              value={typed.to ?? ''}
              onChange={(event) => put({ to: event.currentTarget.value })}
            />
          </div>
          <div className="row">
            <Button type="submit" variant="filled">
              {t('audit_find')}
            </Button>
            {address !== '{}' && (
              <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
                {t('audit_clear')}
              </Button>
            )}
          </div>
        </form>
      </Card>
      <Card flush title={t('audit_entries')}>
        <DataTable
          label={t('audit_entries')}
          columns={columns}
          rows={rows}
          rowId={({ id }) => String(id)}
          empty={<NoMatch onClear={() => void navigate({ search: {} })} />}
        />
      </Card>
      {shown !== null && <EntryDialog entry={shown} onClose={() => setShown(null)} />}
    </AdminPage>
  );
}

/** What entries can be about, in words; what came with a later version stands under its own name. */
function useThings() {
  const { t } = useTranslation('admin-system');
  const { compare } = useFormat();
  const word = (name: string): string => (THINGS.some((each) => each === name) ? t(`thing.${name as Thing}`) : name); // one of them
  return { word, all: THINGS.map((value) => ({ value, label: word(value) })).toSorted((a, b) => compare(a.label, b.label)) };
}

function sourceText(t: ReturnType<typeof useTranslation<'admin-system'>>['t'], source: string): string {
  return source in SOURCES ? t(SOURCES[source as keyof typeof SOURCES]) : source; // one of its keys
}

function EntryDialog({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const { t } = useTranslation(['admin-system', 'common']);
  const thing = useThings();
  const facts: readonly (readonly [string, string | number | null])[] = [
    [t('audit_actor'), entry.actor],
    [t('audit_about'), [entry.entity === null ? null : thing.word(entry.entity), entry.entity_id].filter(Boolean).join(' ')],
    [t('audit_outcome'), t(`audit_${entry.outcome}`)],
    [t('audit_source'), [sourceText(t, entry.source), entry.address].filter(Boolean).join(' · ')],
    [t('audit_key'), entry.key_id],
    [t('audit_request'), entry.request_id],
    ...Object.entries(entry.detail ?? {}).map(
      ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
  ];
  return (
    <Modal opened onClose={onClose} title={entry.operation} size="lg" closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <dl className="dl">
        <dt>{t('audit_at')}</dt>
        <dd>
          <DateText value={entry.at} as="instant" />
        </dd>
        {facts
          .filter(([, value]) => value !== null && value !== '' && value !== 'null')
          .map(([name, value]) => (
            <Fact key={name} name={name} value={String(value)} />
          ))}
      </dl>
    </Modal>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
