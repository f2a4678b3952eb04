import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeCatalogue } from '../../../api/index.ts';
import { Card, DateText, EditIcon } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { EditForm, type Values } from './edit-form.tsx';
import { HeldValue } from './held.tsx';
import { ALWAYS, type CatalogueField, type Change, SECTIONS, type Section, type UserRecord } from './record.ts';
import type { Edit } from './use-edit.ts';

interface FieldsSectionProps {
  readonly section: Section;
  readonly record: UserRecord;
  readonly catalogue: readonly CatalogueField[];
  readonly edit: Edit;
  readonly opened: boolean;
  readonly onOpen: (opened: boolean) => void;
}

/** A group of single fields; what is empty and seldom used shows while editing. */
export function FieldsSection({ section, record, catalogue, edit, opened, onOpen }: FieldsSectionProps) {
  const { t, i18n } = useTranslation(['users', 'common']);
  const can = useCan();
  const kinds = useChangeCatalogue();
  const names: readonly string[] = SECTIONS[section];
  const fields = names.flatMap((name) => (name in record.fields ? (catalogue.find((field) => field.name === name) ?? []) : []));
  const heldOf = (name: string) => record.held.find(({ field }) => field === name);
  const shown = fields.filter(({ name }) => ALWAYS.includes(name) || isThere(record.fields[name]) || heldOf(name) !== undefined);
  // What a plain "set" changes; the account type has a kind of its own with more to decide.
  const editable = fields.filter(({ name }) => name !== 'account_type' && kinds.data?.changes.some((kind) => kind.change === name));
  const save = (values: Values): Promise<boolean> => {
    const changes = editable.flatMap(({ name }): Change[] => {
      const before = record.fields[name] ?? '';
      const after = values[name] ?? '';
      if (before === after || (before === '' && after === false)) return [];
      return [after === '' ? { change: name, clear: true } : { change: name, set: after }];
    });
    return changes.length === 0 ? Promise.resolve(true) : edit.change(changes);
  };
  if (fields.length === 0) return null;
  return (
    <Card
      id={section}
      title={t(`section.${section}`)}
      {...(can('users:write') && editable.length > 0
        ? {
            right: (
              <button
                type="button"
                className="btn sub sm"
                onClick={() => onOpen(true)}
                aria-label={t('edit.of', { what: t(`section.${section}`) })}
              >
                <EditIcon small />
                {t('common:action.edit')}
              </button>
            ),
          }
        : {})}
    >
      <dl className="dl wide user-dl">
        {shown.map((field) => {
          const held = heldOf(field.name);
          return (
            <div key={field.name}>
              <dt>{i18n.language === 'de' ? field.label.de : field.label.en}</dt>
              <dd>
                <FieldValue field={field} record={record} />
                {held !== undefined && <HeldValue held={held} edit={edit} />}
              </dd>
            </div>
          );
        })}
      </dl>
      {opened && (
        <EditForm
          title={t(`section.${section}`)}
          fields={editable}
          first={record.fields}
          required={editable.filter(({ name }) => name === 'status' || name === 'record_type').map(({ name }) => name)}
          hint={(name) => (heldOf(name) !== undefined ? t('held_text') : record.protected.includes(name) ? t('protected_text') : undefined)}
          onSave={save}
          onClose={() => onOpen(false)}
        />
      )}
    </Card>
  );
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && value !== false;
}

function FieldValue({ field, record }: { readonly field: CatalogueField; readonly record: UserRecord }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const value = record.fields[field.name];
  if (value === null || value === undefined || value === '') return <span className="muted">{t('not_set')}</span>;
  if (field.type === 'date') {
    const day = String(value);
    return field.name === 'expiry_date' ? (
      <>
        <DateText value={day} /> <span className="muted small">{format.spelled(day)}</span>
      </>
    ) : (
      <DateText value={day} />
    );
  }
  if (field.type === 'instant') return <DateText value={String(value)} as="instant" />;
  if (field.type === 'boolean') return t(value === true ? 'yes' : 'no');
  return <bdi>{record.labels[field.name] ?? String(value)}</bdi>;
}

/** Opened or not, with the way to open it from elsewhere. */
export function useOpened(): { readonly opened: Section | null; open(section: Section | null): void } {
  const [opened, setOpened] = useState<Section | null>(null);
  return { opened, open: setOpened };
}
