import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppProblem, asProblem } from '../../../../api/index.ts';
import { Card } from '../../../../components/index.ts';
import { CronText } from '../../../jobs/cron-text.tsx';
import { Fields, type FieldSpec, type Values } from '../../parts/fields.tsx';
import { ProblemNotice } from '../../parts/form-dialog.tsx';
import { CodeMap } from './code-map.tsx';
import { CODED, DATES, EXAMPLE_MAPPING, inputOf, MAPPED } from './draft.ts';
import { useDefaultFields, useFeedFields } from './fields.ts';

interface FeedFormProps {
  readonly first: Values;
  /** Which secrets are stored; null: the feed is new. */
  readonly stored: { readonly secret: boolean; readonly exportSecret: boolean } | null;
  readonly label: string;
  readonly onSave: (input: ReturnType<typeof inputOf>, code: string) => Promise<unknown>;
  readonly children?: ReactNode;
}

const DEFAULTS = [...CODED, ...DATES];
const CRONS = { cron_nightly: '0 3 * * *', cron_hourly: '0 * * * *', cron_never: '' } as const;

/** Everything one says of a feed, group by group; what the server refuses stands at its field. */
export function FeedForm({ first, stored, label, onSave, children }: FeedFormProps) {
  const { t } = useTranslation('admin-feeds');
  const [values, setValues] = useState(first);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const groups = useFeedFields(values, stored);
  const defaults = useDefaultFields();
  const fields = (specs: readonly FieldSpec[]): ReactNode => (
    <Fields fields={specs} values={values} onChange={setValues} problem={problem} />
  );
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave(inputOf(values, DEFAULTS), String(values['code'] ?? '').trim());
    } catch (error) {
      setProblem(error instanceof SyntaxError ? notJson(t('not_json')) : asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stackv feed-form" onSubmit={(event) => void save(event)} noValidate>
      <Card title={t('g_feed')}>{fields(groups.feed)}</Card>
      <Card title={t('g_source')}>
        <div className="stackv">
          {fields(groups.source)}
          {values['source.kind'] !== 'upload' && <Schedule values={values} onChange={setValues} problem={problem} />}
        </div>
      </Card>
      <Card title={t('g_reading')}>
        <div className="stackv">
          {fields(groups.reading)}
          {values['mapping'] === 'json' && String(values['csv_mapping'] ?? '').trim() === '' && (
            <div>
              <Button size="xs" onClick={() => setValues({ ...values, csv_mapping: EXAMPLE_MAPPING })}>
                {t('mapping_start')}
              </Button>
            </div>
          )}
        </div>
      </Card>
      <Card title={t('g_match')}>
        <div className="stackv">
          {fields(groups.match)}
          {MAPPED.map((field) => (
            <CodeMap
              key={field}
              label={t(field === 'user_group' ? 'f_map_group' : 'f_map_campus')}
              table={field === 'user_group' ? 'UserGroups' : 'Campuses'}
              value={values[`code_maps.${field}`]}
              onChange={(pairs) => setValues({ ...values, [`code_maps.${field}`]: pairs })}
              error={problem?.field(`code_maps.${field}`)}
            />
          ))}
        </div>
      </Card>
      <Card title={t('g_defaults')} sub={<span className="hide-sm">{t('g_defaults_help')}</span>}>
        <div className="adm-two">
          {defaults.map((spec) => (
            <div key={spec.name}>{fields([spec])}</div>
          ))}
        </div>
      </Card>
      <Card title={t('g_guard')}>{fields(groups.guard)}</Card>
      <Card title={t('g_export')} sub={<span className="hide-sm">{t('g_export_help')}</span>}>
        {fields(groups.export)}
      </Card>
      {problem !== null && <ProblemNotice problem={problem} />}
      <div className="row wrap">
        <Button type="submit" variant="filled" loading={busy}>
          {label}
        </Button>
        {children}
      </div>
    </form>
  );
}

interface ScheduleProps {
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  readonly problem: AppProblem | null;
}

/** The pattern, what is chosen most beside it, and what it means in words. */
function Schedule({ values, onChange, problem }: ScheduleProps) {
  const { t } = useTranslation('admin-feeds');
  const cron = String(values['cron'] ?? '').trim();
  return (
    <div>
      <Fields
        fields={[{ name: 'cron', label: t('f_cron'), kind: 'text', help: t('f_cron_help') }]}
        values={values}
        onChange={onChange}
        problem={problem}
      />
      <div className="row wrap feed-crons">
        {(Object.keys(CRONS) as (keyof typeof CRONS)[]).map((name) => (
          <Button key={name} size="xs" aria-pressed={cron === CRONS[name]} onClick={() => onChange({ ...values, cron: CRONS[name] })}>
            {t(name)}
          </Button>
        ))}
        <span className="small t2" role="status">
          {cron === '' ? t('by_hand') : <CronText cron={cron} />}
        </span>
      </div>
    </div>
  );
}

function notJson(message: string): AppProblem {
  return new AppProblem({
    code: 'web.not_json',
    status: 400,
    detail: message,
    errors: [{ path: 'csv_mapping', message }] as unknown as AppProblem['fields'] & [],
  });
}
