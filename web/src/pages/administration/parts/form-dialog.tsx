import { Button, Modal } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem } from '../../../api/index.ts';
import { Notice } from '../../../components/index.ts';
import { Fields, type FieldSpec, type Values } from './fields.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly fields: readonly FieldSpec[];
  readonly first: Values;
  /** Of the button that saves; "Save" when left out. */
  readonly label?: string;
  readonly size?: string;
  readonly onSave: (values: Values) => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A form in a dialog. What the server refuses stands at its field, and above them in words. */
export function FormDialog({ title, fields, first, label, size = 'lg', onSave, onClose, children }: FormDialogProps) {
  const { t } = useTranslation();
  const [values, setValues] = useState(first);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave(values);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form className="stackv" onSubmit={(event) => void save(event)} noValidate>
        {problem !== null && <ProblemNotice problem={problem} />}
        {children}
        <Fields fields={fields} values={values} onChange={setValues} problem={problem} />
        <div className="row">
          <Button type="submit" variant="filled" loading={busy}>
            {label ?? t('action.save')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** What the server said, with its code in small. */
export function ProblemNotice({ problem }: { readonly problem: AppProblem }) {
  return (
    <Notice tone="fail" title={problem.message} live>
      <span className="mono small">{problem.code}</span>
    </Notice>
  );
}
