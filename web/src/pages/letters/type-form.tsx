import { Button, Modal, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type AppProblem, asProblem, type Input, invalidate, type Output } from '../../api/index.ts';
import { Notice, toast } from '../../components/index.ts';

type NotificationType = Output<'notification_type.list'>['types'][number];
export type EditedType = NotificationType | 'new';
type Fields = Input<'notification_type.create'>;

const EMPTY: Fields = {
  code: '',
  label_en: '',
  label_de: '',
  description_en: null,
  description_de: null,
  active: true,
  essential: false,
  one_per_address: false,
  not_again_days: null,
  once_per: null,
  keep_days: null,
  sender_name: null,
  sender_email: null,
  reply_to: null,
};

/** Everything that is set about a notification type. */
export function TypeForm({ type, onClose }: { readonly type: EditedType; readonly onClose: () => void }) {
  const { t } = useTranslation(['letters', 'common']);
  const client = useQueryClient();
  const isNew = type === 'new';
  const [fields, setFields] = useState<Fields>(() => (isNew ? EMPTY : fieldsOf(type)));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const set = (part: Partial<Fields>): void => setFields((before) => ({ ...before, ...part }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await api(isNew ? 'notification_type.create' : 'notification_type.update', fields);
      await invalidate(client, 'notification_type.list', 'letter.list', 'letter.show');
      toast(t(isNew ? 'type.added' : 'type.saved', { name: fields.label_en }));
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const text = (name: 'label_en' | 'label_de' | 'sender_name' | 'sender_email' | 'reply_to', required = false): ReactNode => (
    <TextInput
      label={t(`field.${name}`)}
      required={required}
      type={name === 'sender_email' || name === 'reply_to' ? 'email' : 'text'}
      value={fields[name] ?? ''}
      onChange={(event) => set({ [name]: event.currentTarget.value === '' && !required ? null : event.currentTarget.value })}
      error={problem?.field(name)}
    />
  );
  const days = (name: 'not_again_days' | 'keep_days'): ReactNode => (
    <NumberInput
      label={t(`field.${name}`)}
      description={t(`field.${name}_hint`)}
      min={name === 'keep_days' ? 0 : 1}
      max={3650}
      hideControls
      value={fields[name] ?? ''}
      onChange={(value) => set({ [name]: typeof value === 'number' ? value : null })}
      error={problem?.field(name)}
    />
  );
  const carries = !isNew && type.credentials;
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={isNew ? t('type.add') : t('type.edit_named', { name: document.documentElement.lang === 'de' ? type.label_de : type.label_en })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form className="stackv" onSubmit={(event) => void save(event)}>
        {problem !== null && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        {carries && <Notice tone="info" title={t('type.carries')} />}
        {isNew && (
          <TextInput
            data-autofocus
            required
            label={t('field.code')}
            description={t('field.code_hint')}
            value={fields.code}
            onChange={(event) => set({ code: event.currentTarget.value.toUpperCase().replace(/[^A-Z0-9_]/g, '_') })}
            error={problem?.field('code')}
          />
        )}
        <div className="grid g2">
          {text('label_en', true)}
          {text('label_de', true)}
          {(['description_en', 'description_de'] as const).map((name) => (
            <Textarea
              key={name}
              label={t(`field.${name}`)}
              autosize
              minRows={2}
              value={fields[name] ?? ''}
              onChange={(event) => set({ [name]: event.currentTarget.value === '' ? null : event.currentTarget.value })}
            />
          ))}
        </div>
        {!carries && (
          <div className="stackv tight">
            <Switch
              label={t('field.active')}
              checked={fields.active ?? true}
              onChange={(event) => set({ active: event.currentTarget.checked })}
            />
            <Switch
              label={t('field.essential')}
              description={t('field.essential_hint')}
              checked={fields.essential ?? false}
              onChange={(event) => set({ essential: event.currentTarget.checked })}
            />
            <Switch
              label={t('field.one_per_address')}
              description={t('field.one_per_address_hint')}
              checked={fields.one_per_address ?? false}
              onChange={(event) => set({ one_per_address: event.currentTarget.checked })}
            />
          </div>
        )}
        <div className="grid g2">
          {days('not_again_days')}
          <Select
            label={t('field.once_per')}
            description={t('field.once_per_hint')}
            clearable
            clearButtonProps={{ 'aria-label': t('field.no_limit') }}
            placeholder={t('field.no_limit')}
            data={(['expiry_date', 'purge_date'] as const).map((value) => ({ value, label: t(`field.once_per_${value}`) }))}
            value={fields.once_per ?? null}
            onChange={(value) => set({ once_per: value as Fields['once_per'] })}
          />
          {days('keep_days')}
          {text('sender_name')}
          {text('sender_email')}
          {text('reply_to')}
        </div>
        <div className="row">
          <Button type="submit" variant="filled" loading={busy}>
            {isNew ? t('type.add') : t('common:action.save')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Of a type that carries credentials only what may be changed. */
function fieldsOf(type: NotificationType): Fields {
  const { code, label_en, label_de, description_en, description_de, active, essential, one_per_address } = type;
  const { not_again_days, once_per, keep_days, sender_name, sender_email, reply_to } = type;
  const names = {
    code,
    label_en,
    label_de,
    description_en,
    description_de,
    not_again_days,
    once_per,
    keep_days,
    sender_name,
    sender_email,
    reply_to,
  };
  return type.credentials ? names : { ...names, active, essential, one_per_address };
}
