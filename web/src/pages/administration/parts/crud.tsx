import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem } from '../../../api/index.ts';
import {
  Card,
  type Column,
  DataTable,
  EditIcon,
  EmptyState,
  type Icon,
  PlusIcon,
  type Rows,
  TrashIcon,
} from '../../../components/index.ts';
import type { FieldSpec, Values } from './fields.tsx';
import { FormDialog, ProblemNotice } from './form-dialog.tsx';

interface CrudProps<Row extends object> {
  /** What the table lists, in the plural. */
  readonly label: string;
  readonly rows: Rows<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  /** False: nothing here is theirs to change. */
  readonly writes: boolean;
  /** "New …"; without it nothing can be added. */
  readonly add?: string;
  /** Of the form, for a new one (null) or one that is there. */
  readonly fields: (row: Row | null) => readonly FieldSpec[];
  readonly values: (row: Row | null) => Values;
  readonly save: (values: Values, row: Row | null) => Promise<unknown>;
  readonly editable?: (row: Row) => boolean;
  /** Of the form's dialog; wider than usual for fields that stand side by side. */
  readonly size?: string;
  /** What goes when one says so: named in the question, with what follows from it. */
  readonly remove?: {
    readonly label: string;
    readonly icon?: Icon;
    readonly possible?: (row: Row) => boolean;
    readonly question: (row: Row) => string;
    readonly consequence: (row: Row) => ReactNode;
    readonly run: (row: Row) => Promise<unknown>;
  };
  /** Further buttons of a row. */
  readonly more?: (row: Row) => ReactNode;
  readonly empty: { readonly icon: Icon; readonly title: string; readonly text: string };
  readonly foot?: ReactNode;
}

/** A list whose entries are made, changed and removed: the frame of most pages of the administration. */
export function Crud<Row extends object>(props: CrudProps<Row>) {
  const { label, rows, columns, rowId, rowName, writes, add, fields, values, save, editable, size, remove, more, empty, foot } = props;
  const { t } = useTranslation(['administration', 'common']);
  const [edited, setEdited] = useState<Row | 'new' | null>(null);
  const [leaving, setLeaving] = useState<Row | null>(null);
  const row = edited === 'new' ? null : edited;
  const Gone = remove?.icon ?? TrashIcon;
  const acts: Column<Row> = {
    id: 'acts',
    label: t('acts'),
    acts: true,
    cell: (each) => (
      <span className="adm-acts">
        {(editable?.(each) ?? true) && (
          <Button
            size="xs"
            leftSection={<EditIcon small />}
            aria-label={t('edit_one', { name: rowName(each) })}
            onClick={() => setEdited(each)}
          >
            {t('common:action.edit')}
          </Button>
        )}
        {more?.(each)}
        {remove !== undefined && (remove.possible?.(each) ?? true) && (
          <Button
            size="xs"
            className="danger"
            {...(more === undefined ? { leftSection: <Gone small /> } : { title: remove.label })}
            aria-label={t('remove_one', { verb: remove.label, name: rowName(each) })}
            onClick={() => setLeaving(each)}
          >
            {/* Beside others its picture says enough. */}
            {more === undefined ? remove.label : <Gone small />}
          </Button>
        )}
      </span>
    ),
  };
  const adding = writes && add !== undefined && (
    <Button variant="filled" leftSection={<PlusIcon />} onClick={() => setEdited('new')}>
      {add}
    </Button>
  );
  // Without any, what they are for and the first step are all there is to say.
  const none = rows.rows.length === 0 && !rows.loading && rows.problem === null;
  return (
    <Card flush {...(none ? {} : { title: label, count: rows.total, right: adding })}>
      <DataTable
        label={label}
        columns={writes ? [...columns, acts] : columns}
        rows={rows}
        rowId={rowId}
        rowLabel={rowName}
        empty={<EmptyState {...empty} actions={adding} />}
        {...(foot === undefined ? {} : { foot })}
      />
      {edited !== null && (
        <FormDialog
          title={row === null ? (add ?? '') : t('edit_one', { name: rowName(row) })}
          fields={fields(row)}
          first={values(row)}
          {...(size === undefined ? {} : { size })}
          onSave={(given) => save(given, row)}
          onClose={() => setEdited(null)}
        />
      )}
      {leaving !== null && remove !== undefined && (
        <Question title={remove.question(leaving)} label={remove.label} onYes={() => remove.run(leaving)} onClose={() => setLeaving(null)}>
          {remove.consequence(leaving)}
        </Question>
      )}
    </Card>
  );
}

interface QuestionProps {
  readonly title: string;
  readonly label: string;
  readonly onYes: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something goes that cannot be brought back. */
export function Question({ title, label, onYes, onClose, children }: QuestionProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const yes = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await onYes();
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="stackv">
        {problem !== null && <ProblemNotice problem={problem} />}
        <p>{children}</p>
        <div className="row">
          <Button className="danger" loading={busy} onClick={() => void yes()}>
            {label}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
