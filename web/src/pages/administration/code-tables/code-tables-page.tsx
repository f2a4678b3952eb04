import { Button, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Input, type Output, useApi } from '../../../api/index.ts';
import { Answer, Card, type Column, Notice, TagIcon, toast, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Crud } from '../parts/crud.tsx';
import type { FieldSpec, Values } from '../parts/fields.tsx';
import { useAct, useRows } from '../parts/rows.ts';

type Table = Output<'code_table.list'>['tables'][number];
type Code = Output<'code_table.show'>['codes'][number];

const route = getRouteApi('/administration/code-tables');
const FIRST = 'UserGroups';

export function CodeTablesPage() {
  const { t, i18n } = useTranslation('admin-library');
  const { table = FIRST } = route.useSearch();
  const navigate = route.useNavigate();
  const tables = useApi('code_table.list', {});
  const nameOf = (each: Table): string => (i18n.language === 'de' ? each.label_de : each.label_en);
  return (
    <AdminPage title={t('code_tables_title')} sub={t('code_tables_sub')}>
      <Answer of={tables}>
        {(answer) => {
          const shown = answer.tables.find(({ name }) => name === table);
          return (
            <>
              <Card>
                <Select
                  label={t('table')}
                  searchable
                  allowDeselect={false}
                  data={answer.tables
                    .map((each) => ({ value: each.name, label: nameOf(each) }))
                    .toSorted((a, b) => a.label.localeCompare(b.label, i18n.language))}
                  value={shown?.name ?? null}
                  onChange={(next) => void navigate({ search: next === null || next === FIRST ? {} : { table: next } })}
                />
              </Card>
              {shown !== undefined && <Codes key={shown.name} table={shown} title={nameOf(shown)} />}
            </>
          );
        }}
      </Answer>
    </AdminPage>
  );
}

function Codes({ table, title }: { readonly table: Table; readonly title: string }) {
  const { t, i18n } = useTranslation('admin-library');
  const can = useCan();
  const act = useAct('code_table.show', 'code_table.list');
  const rows = useRows(useApi('code_table.show', { table: table.name }), ({ codes }) => codes);
  const nameOf = (code: Code): string => (i18n.language === 'de' ? code.label_de : code.label_en);
  const columns: readonly Column<Code>[] = [
    { id: 'code', label: t('code'), title: true, cell: ({ code }) => <span className="mono small">{code}</span> },
    { id: 'en', label: t('code_en'), cell: ({ label_en }) => label_en },
    { id: 'de', label: t('code_de'), cell: ({ label_de }) => label_de },
    {
      id: 'state',
      label: t('code_state'),
      cell: ({ enabled, is_default }) => (
        <>
          {is_default && <span className="badge ok plain">{t('code_default')}</span>}{' '}
          {!enabled && <span className="badge plain">{t('code_retired')}</span>}
        </>
      ),
      emptyOnCard: ({ enabled, is_default }) => enabled && !is_default,
    },
  ];
  const fields = (row: Code | null): readonly FieldSpec[] => [
    ...(row === null ? [{ name: 'code', label: t('code'), kind: 'text', required: true, help: t('code_help') } as const] : []),
    { name: 'label_en', label: t('code_en'), kind: 'text', required: true },
    { name: 'label_de', label: t('code_de'), kind: 'text', required: true },
    ...(row?.enabled === true && !row.is_default
      ? [{ name: 'is_default', label: t('code_make_default'), kind: 'switch', help: t('code_make_default_help') } as const]
      : []),
  ];
  const save = async (values: Values, row: Code | null): Promise<void> => {
    // As the fields above hold them.
    if (row === null) await act('code.add', { ...values, table: table.name } as Input<'code.add'>);
    else {
      const { is_default, ...words } = values;
      await act('code.update', {
        ...words,
        ...(is_default === true ? { is_default: true } : {}),
        table: table.name,
        code: row.code,
      } as Input<'code.update'>);
    }
    toast(t('code_saved', { name: String(values['label_en']) }));
  };
  const toggle = async ({ code, enabled }: Code): Promise<void> => {
    const put = (next: boolean) => act('code.switch', { table: table.name, code, enabled: next });
    await put(!enabled);
    toast(t(enabled ? 'code_is_retired' : 'code_is_back', { code }), () => void put(enabled).catch(toastProblem));
  };
  return (
    <>
      {table.closed && (
        <Notice tone="info" title={t('table_closed')}>
          {t('table_closed_text')}
        </Notice>
      )}
      <Crud
        label={title}
        rows={rows}
        columns={columns}
        rowId={({ code }) => code}
        rowName={nameOf}
        writes={can('settings:write')}
        {...(table.closed ? {} : { add: t('code_add') })}
        fields={fields}
        values={(row) => (row === null ? {} : { label_en: row.label_en, label_de: row.label_de })}
        save={save}
        more={(row) =>
          !table.closed &&
          !row.is_default && (
            <Button
              size="xs"
              aria-label={t(row.enabled ? 'code_retire_one' : 'code_back_one', { name: nameOf(row) })}
              onClick={() => void toggle(row).catch(toastProblem)}
            >
              {t(row.enabled ? 'code_retire' : 'code_back')}
            </Button>
          )
        }
        empty={{ icon: TagIcon, title: t('codes_none'), text: t('codes_none_text') }}
      />
    </>
  );
}
