import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AppProblem, type Input, type Output, useApi } from '../../../api/index.ts';
import { FilterSentence } from '../../../components/filter/filter-sentence.tsx';
import { type Column, FilterIcon, None, toast, toastProblem } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Crud } from '../parts/crud.tsx';
import { type FieldSpec, said, type Values } from '../parts/fields.tsx';
import { useAct, useRows } from '../parts/rows.ts';
import { RulePreview } from './rule-preview.tsx';
import { type Whom, WhomField } from './whom-field.tsx';

type Rule = Output<'rule.list'>['rules'][number];

export function RulesPage() {
  const { t } = useTranslation('admin-access');
  const can = useCan();
  const act = useAct('rule.list', 'profile.list', 'job.preview');
  const rows = useRows(useApi('rule.list', {}), ({ rules }) => rules);
  const profiles = useApi('profile.list', {});
  const last = Math.max(0, ...rows.rows.map(({ position }) => position ?? 0));
  const columns: readonly Column<Rule>[] = [
    { id: 'position', label: t('rule_place'), number: true, width: '70px', cell: ({ position }) => position ?? <None /> },
    {
      id: 'name',
      label: t('name'),
      title: true,
      cell: ({ name, enabled }) => (
        <>
          {name} {!enabled && <span className="badge plain">{t('rule_off')}</span>}
        </>
      ),
    },
    {
      id: 'when',
      label: t('rule_when'),
      wraps: true,
      cell: ({ when, condition }) =>
        when === null ? <span className="muted">{t('rule_default')}</span> : <FilterSentence filter={condition} where={when} />,
    },
    { id: 'profiles', label: t('rule_gives'), wraps: true, cell: (rule) => rule.profiles.join(', ') },
  ];
  const fields = (row: Rule | null): readonly FieldSpec[] => [
    { name: 'name', label: t('name'), kind: 'text', required: true },
    ...(row?.is_default === true
      ? []
      : [
          {
            name: 'when',
            label: t('rule_when'),
            kind: 'own',
            draw: (value, onChange, error) => (
              <WhomField value={value as Whom} onChange={onChange} only={row !== null} error={error} /> // as the values below begin
            ),
          } satisfies FieldSpec,
        ]),
    {
      name: 'profiles',
      label: t('rule_gives'),
      kind: 'many',
      options: (profiles.data?.profiles ?? []).map(({ name }) => ({ value: name, label: name })),
      required: true,
    },
    { name: 'description', label: t('description'), kind: 'area' },
    { name: 'enabled', label: t('rule_enabled'), kind: 'switch' },
  ];
  const save = async ({ when, ...values }: Values, row: Rule | null): Promise<void> => {
    const { rest, where } = (when ?? { rest: true, where: '' }) as Whom; // as the values below begin
    if (!rest && where === '') throw missing(t('whom_missing'));
    const given = { ...said(values), ...(rest ? {} : { when: where }) };
    // As the fields above hold them.
    if (row === null) await act('rule.create', given as Input<'rule.create'>);
    else {
      const { name, description = '', ...others } = given as Record<string, unknown>;
      await act('rule.update', { ...others, description, name: row.name, new_name: name } as Input<'rule.update'>);
    }
    toast(t('rule_saved', { name: String(values['name']) }));
  };
  const move = (rule: Rule, by: number): void => {
    act('rule.update', { name: rule.name, position: (rule.position ?? 1) + by }).catch(toastProblem);
  };
  return (
    <AdminPage title={t('rules_title')} sub={t('rules_sub')}>
      <Crud
        label={t('rules_title')}
        rows={rows}
        columns={columns}
        rowId={({ name }) => name}
        rowName={({ name }) => name}
        writes={can('access:write')}
        add={t('rule_add')}
        fields={fields}
        values={(row) =>
          row === null
            ? { enabled: true, profiles: [], when: { rest: false, where: '' } }
            : {
                name: row.name,
                when: { rest: row.when === null, where: row.when ?? '' },
                profiles: row.profiles,
                description: row.description ?? '',
                enabled: row.enabled,
              }
        }
        save={save}
        more={(rule) =>
          rule.position !== null && (
            <>
              <Button size="xs" disabled={rule.position <= 1} aria-label={t('rule_up', { name: rule.name })} onClick={() => move(rule, -1)}>
                <span aria-hidden="true">↑</span>
              </Button>
              <Button
                size="xs"
                disabled={rule.position >= last}
                aria-label={t('rule_down', { name: rule.name })}
                onClick={() => move(rule, 1)}
              >
                <span aria-hidden="true">↓</span>
              </Button>
            </>
          )
        }
        remove={{
          label: t('rule_delete'),
          question: ({ name }) => t('rule_delete_question', { name }),
          consequence: () => t('rule_delete_text'),
          run: ({ name }) => act('rule.delete', { name }),
        }}
        empty={{ icon: FilterIcon, title: t('rules_none'), text: t('rules_none_text') }}
      />
      {can('jobs:run') && can('sets:read') && rows.rows.length > 0 && <RulePreview />}
    </AdminPage>
  );
}

function missing(message: string): AppProblem {
  return new AppProblem({
    code: 'web.rule_for_nobody',
    status: 400,
    detail: message,
    errors: [{ path: 'when', message }] as unknown as AppProblem['fields'] & [],
  });
}
