import { Button, Modal } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem } from '../../../api/index.ts';
import { Notice } from '../../../components/index.ts';
import { FieldInput } from './field-input.tsx';
import type { CatalogueField } from './record.ts';

export type Values = Readonly<Record<string, unknown>>;

interface EditFormProps {
  readonly title: string;
  readonly fields: readonly CatalogueField[];
  readonly first: Values;
  readonly required?: readonly string[];
  readonly fixed?: readonly string[];
  /** What stands beside a field, e.g. that it will be kept against the feed. */
  readonly hint?: (field: string) => string | undefined;
  /** False: it did not go, and is asked elsewhere. */
  readonly onSave: (values: Values) => Promise<boolean>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Some fields in a dialog. What is wrong is said in it; nothing typed is lost until it is closed. */
export function EditForm({ title, fields, first, required = [], fixed = [], hint, onSave, onClose, children }: EditFormProps) {
  const { t } = useTranslation(['users', 'common']);
  const [values, setValues] = useState<Values>(first);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const isThere = (name: string): boolean => {
    const value = values[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
  };
  const whole = required.every(isThere);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!whole) return;
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
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={fields.length > 6 ? 'lg' : 'md'}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form className="stackv" onSubmit={(event) => void save(event)} aria-label={title}>
        {problem !== null && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        <div className={fields.length > 6 ? 'user-form two' : 'user-form'}>
          {fields.map((field, index) => (
            <FieldInput
              key={field.name}
              field={field}
              value={values[field.name]}
              onChange={(value) => setValues({ ...values, [field.name]: value })}
              required={required.includes(field.name)}
              disabled={fixed.includes(field.name)}
              error={problem?.field(field.name)}
              focus={index === 0}
              description={hint?.(field.name)}
            />
          ))}
        </div>
        {children}
        <div className="row wrap">
          <Button type="submit" variant="filled" loading={busy} disabled={!whole}>
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
