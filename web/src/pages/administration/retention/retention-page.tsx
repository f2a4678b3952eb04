import { Button, Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, type Output, useApi } from '../../../api/index.ts';
import { Card, type Column, DataTable, DateText, EditIcon, NoMatch, NumberText, TrashIcon, toast } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { Question } from '../parts/crud.tsx';
import { ProblemNotice } from '../parts/form-dialog.tsx';
import { useAct, useRows } from '../parts/rows.ts';

type Kind = Output<'retention.show'>['kinds'][number];

export function RetentionPage() {
  const { t } = useTranslation(['admin-system', 'common']);
  const { number } = useFormat();
  const can = useCan();
  const act = useAct('retention.show', 'settings.list');
  const shown = useApi('retention.show', {});
  const rows = useRows(shown, ({ kinds }) => kinds);
  const setting = useApi('settings.get', { name: 'retention' });
  const [edited, setEdited] = useState<Kind | null>(null);
  const [applying, setApplying] = useState(false);
  const due = rows.rows.reduce((sum, kind) => sum + (kind.settable ? kind.due : 0), 0);
  const mayChange = can('settings:write') && setting.data !== undefined;
  const columns: readonly Column<Kind>[] = [
    { id: 'label', label: t('kept_what'), title: true, wraps: true, cell: ({ label }) => label },
    { id: 'days', label: t('kept_days'), number: true, cell: (kind) => <Days kind={kind} /> },
    { id: 'rows', label: t('kept_rows'), number: true, cell: (kind) => <NumberText value={kind.rows} /> },
    {
      id: 'oldest',
      label: t('kept_oldest'),
      cell: ({ oldest }) => <DateText value={oldest} />,
      emptyOnCard: ({ oldest }) => oldest === null,
    },
    {
      id: 'due',
      label: t('kept_due'),
      number: true,
      cell: (kind) => <NumberText value={kind.due} />,
      emptyOnCard: (kind) => kind.due === 0,
    },
    ...(mayChange
      ? [
          {
            id: 'acts',
            label: t('acts'),
            acts: true,
            cell: (kind: Kind) =>
              kind.settable && (
                <Button
                  size="xs"
                  leftSection={<EditIcon small />}
                  aria-label={t('kept_edit', { what: kind.label })}
                  onClick={() => setEdited(kind)}
                >
                  {t('common:action.edit')}
                </Button>
              ),
            emptyOnCard: (kind: Kind) => !kind.settable,
          },
        ]
      : []),
  ];
  const save = async (kind: Kind, days: number | null): Promise<void> => {
    const before = setting.data?.value as Readonly<Record<string, number | null>>; // the setting's own schema
    await act('settings.set', { name: 'retention', value: { ...before, [kind.kind]: days } });
    await setting.refetch();
    toast(t('kept_saved', { what: kind.label }), () => void act('settings.set', { name: 'retention', value: before }));
  };
  return (
    <AdminPage
      title={t('retention_title')}
      sub={t('retention_sub')}
      beside={shown.data !== undefined && due === 0 && <span className="badge plain">{t('retention_nothing')}</span>}
      actions={
        can('settings:write') &&
        due > 0 && (
          <Button leftSection={<TrashIcon />} onClick={() => setApplying(true)}>
            {t('retention_apply', { count: due })}
          </Button>
        )
      }
    >
      <Card
        flush
        title={t('retention_kinds')}
        foot={
          <span>
            {t('retention_last')}{' '}
            {shown.data?.last_applied_at == null ? t('retention_never') : <DateText value={shown.data.last_applied_at} as="instant" />}
          </span>
        }
      >
        <DataTable label={t('retention_kinds')} columns={columns} rows={rows} rowId={({ kind }) => kind} empty={<NoMatch />} />
      </Card>
      {edited !== null && <DaysDialog kind={edited} onSave={(days) => save(edited, days)} onClose={() => setEdited(null)} />}
      {applying && (
        <Question
          title={t('retention_question', { count: due })}
          label={t('retention_apply', { count: due })}
          onYes={async () => {
            const { removed } = await act('retention.apply', {});
            toast(t('retention_applied', { rows: number(removed.reduce((sum, each) => sum + each.rows, 0)) }));
          }}
          onClose={() => setApplying(false)}
        >
          {t('retention_text')}
        </Question>
      )}
    </AdminPage>
  );
}

function Days({ kind }: { readonly kind: Kind }) {
  const { t } = useTranslation('admin-system');
  if (kind.days !== null) return t('days', { count: kind.days });
  return t(kind.settable ? 'days_for_ever' : 'days_own');
}

interface DaysDialogProps {
  readonly kind: Kind;
  readonly onSave: (days: number | null) => Promise<void>;
  readonly onClose: () => void;
}

function DaysDialog({ kind, onSave, onClose }: DaysDialogProps) {
  const { t } = useTranslation(['admin-system', 'common']);
  const [days, setDays] = useState<number | null>(kind.days);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const save = async (): Promise<void> => {
    try {
      await onSave(days);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <Modal opened onClose={onClose} title={kind.label} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form
        className="stackv"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {problem !== null && <ProblemNotice problem={problem} />}
        <NumberInput
          label={t('kept_days')}
          description={t('kept_days_help')}
          min={1}
          max={36_500}
          value={days ?? ''}
          onChange={(next) => setDays(typeof next === 'number' ? next : null)}
        />
        <div className="row">
          <Button type="submit" variant="filled">
            {t('common:action.save')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
