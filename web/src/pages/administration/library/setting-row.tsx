import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, type Output } from '../../../api/index.ts';
import { EditIcon, type JsonSchema, SchemaField, SchemaForm, TextLink, toast, UndoIcon } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { ProblemNotice } from '../parts/form-dialog.tsx';
import { useAct } from '../parts/rows.ts';
import { SettingValue, useChoiceWord, usePartWords } from './setting-value.tsx';

type Setting = Output<'settings.list'>['settings'][number];
type Can = Parameters<ReturnType<typeof useCan>>[0];

/** One setting: what it does, what holds, what its default is; the form comes from the server's schema. */
export function SettingRow({ setting }: { readonly setting: Setting }) {
  const { t } = useTranslation(['admin-library', 'common']);
  const can = useCan();
  const act = useAct('settings.list', 'library.about', 'retention.show');
  const [open, setOpen] = useState(false);
  const mayChange = can('settings:write') && can(setting.privilege as Can); // one of the privileges there are, as the server says
  const put = async (value: unknown): Promise<void> => {
    const before = setting.set ? { value: setting.value } : { reset: true };
    // Emptied is "none" where there may be none.
    await act('settings.set', { name: setting.name, value: value === undefined ? null : value });
    setOpen(false);
    toast(t('setting_saved', { name: setting.label }), () => void act('settings.set', { name: setting.name, ...before }));
  };
  const reset = async (): Promise<void> => {
    const before = setting.value;
    await act('settings.set', { name: setting.name, reset: true });
    setOpen(false);
    toast(t('setting_reset', { name: setting.label }), () => void act('settings.set', { name: setting.name, value: before }));
  };
  if (setting.name === 'retention') return <OnItsPage setting={setting} />;
  if (open) return <SettingForm setting={setting} onSave={put} onReset={reset} onClose={() => setOpen(false)} />;
  return (
    <div className="adm-setting">
      <div>
        <b>{setting.label}</b>
        <div className="small muted">
          <span className="mono">{setting.name}</span>
          {setting.set && (
            <>
              {' · '}
              {t('setting_default')} <SettingValue name={setting.name} value={setting.default} />
            </>
          )}
        </div>
      </div>
      <div className="value">
        <SettingValue name={setting.name} value={setting.value} />{' '}
        {setting.set && <span className="badge outline plain">{t('setting_changed')}</span>}
      </div>
      {mayChange && (
        <Button
          size="xs"
          leftSection={<EditIcon small />}
          aria-label={t('setting_edit', { name: setting.label })}
          onClick={() => setOpen(true)}
        >
          {t('common:action.edit')}
        </Button>
      )}
    </div>
  );
}

/** How long each kind of data is kept has a page of its own, which also says how much there is of it. */
function OnItsPage({ setting }: { readonly setting: Setting }) {
  const { t } = useTranslation('admin-library');
  return (
    <div className="adm-setting">
      <div>
        <b>{setting.label}</b>
        <div className="small muted mono">{setting.name}</div>
      </div>
      <div className="value">
        <TextLink to="/administration/retention">{t('setting_retention')}</TextLink>
      </div>
    </div>
  );
}

interface SettingFormProps {
  readonly setting: Setting;
  readonly onSave: (value: unknown) => Promise<void>;
  readonly onReset: () => Promise<void>;
  readonly onClose: () => void;
}

function SettingForm({ setting, onSave, onReset, onClose }: SettingFormProps) {
  const { t } = useTranslation(['admin-library', 'common']);
  const [value, setValue] = useState<unknown>(setting.value);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const doing = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const words = usePartWords();
  const choice = useChoiceWord(setting.name);
  const schema = fillable(setting.schema as JsonSchema); // made by the server from the setting's own schema
  const options = optionsOf(schema);
  const choices = options.length === 0 ? {} : { codes: options.map((value) => ({ value, label: choice(value) })) };
  return (
    <form
      className="adm-setting open"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void doing(() => onSave(value));
      }}
    >
      {problem !== null && <ProblemNotice problem={problem} />}
      {schema.type === 'object' && schema.properties !== undefined ? (
        <fieldset className="adm-fieldset">
          <legend className="flabel">{setting.label}</legend>
          <SchemaForm
            schema={schema}
            labels={words}
            value={isRecord(value) ? withoutNull(value) : {}}
            onChange={(next) => setValue(completed(schema, next))}
          />
        </fieldset>
      ) : (
        <SchemaField
          name={setting.name}
          schema={schema}
          label={setting.label}
          required={false}
          value={value}
          onChange={setValue}
          {...choices}
        />
      )}
      <p className="small muted">
        {t('setting_default')} <SettingValue name={setting.name} value={setting.default} />
      </p>
      <div className="row wrap">
        <Button type="submit" variant="filled" loading={busy}>
          {t('common:action.save')}
        </Button>
        {setting.set && (
          <Button leftSection={<UndoIcon />} disabled={busy} onClick={() => void doing(onReset)}>
            {t('setting_to_default')}
          </Button>
        )}
        <Button variant="subtle" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** `["string", "null"]` is a text that may be empty. */
function fillable(schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.type)) return schema;
  const [type] = schema.type.filter((each: string) => each !== 'null');
  return type === undefined ? schema : { ...schema, type };
}

/** Texts of which one is to be chosen; none: it is not a choice. */
function optionsOf(schema: JsonSchema): readonly string[] {
  const given = [
    ...(schema.enum ?? []),
    ...(schema.anyOf ?? []).flatMap((each) => each.enum ?? (each.const === undefined ? [] : [each.const])),
  ];
  return given.filter((each) => typeof each === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNull(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

/** A field that was emptied means "none", where none is possible; else the server says what is wrong. */
function completed(schema: JsonSchema, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const empty = Object.entries(schema.properties ?? {}).filter(([, field]) => (field.anyOf ?? []).some((each) => each.type === 'null'));
  return { ...Object.fromEntries(empty.map(([name]) => [name, null])), ...value };
}
