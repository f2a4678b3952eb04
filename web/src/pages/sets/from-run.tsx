import { Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, JobIcon, OutcomeBar, TextLink } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { type NewSetSearch, OUTCOMES_OF_RUNS, type OutcomeOfRun } from './routes.ts';
import { SetForm } from './set-form.tsx';

const OFFERED = 50;

/** Of the users to whom a run did one thing, e.g. those that failed. */
export function FromRun() {
  const { t } = useTranslation(['sets', 'common']);
  const format = useFormat();
  const go = useNavigate();
  const search: NewSetSearch = useSearch({ from: '/sets/new' });
  const { run, outcome = 'changed', reason } = search;
  const [text, setText] = useState('');
  const runs = useApi('job.list', { limit: OFFERED, ...(text.trim() === '' ? {} : { text: text.trim() }) }, { keepPrevious: true });
  const report = useApi('job.show', { id: run ?? 0 }, { enabled: run !== undefined });
  const show = (next: NewSetSearch): void => void go({ to: '/sets/new', search: next, replace: true });
  const { reason: _, ...unreasoned } = search;
  const offered = [
    ...(report.data !== undefined && !(runs.data?.jobs ?? []).some(({ id }) => id === run) ? [report.data] : []),
    ...(runs.data?.jobs ?? []),
  ];
  const labels = new Map(offered.map((each) => [String(each.id), `${each.name} · ${format.date(each.created_at)}`]));
  const counts: Readonly<Partial<Record<OutcomeOfRun, number | undefined>>> = report.data?.counts ?? {};
  const reasons = report.data?.reasons.filter((each) => each.outcome === outcome) ?? [];
  const chosen = reasons.find((each) => each.reason === reason);
  const count = report.data === undefined ? null : (chosen?.users ?? counts[outcome] ?? 0);
  return (
    <div className="grid sets-two">
      <Card title={t('run.title')}>
        <div className="stackv">
          <Select
            label={t('run.which')}
            placeholder={t('run.which_hint')}
            searchable
            data={[...labels].map(([value, label]) => ({ value, label }))}
            value={run === undefined ? null : String(run)}
            onChange={(next) => show({ from: 'run', outcome, ...(next === null ? {} : { run: Number(next) }) })}
            onSearchChange={(next) => setText([...labels.values()].includes(next) ? '' : next)}
            filter={({ options }) => options}
            nothingFoundMessage={t('run.no_match')}
            allowDeselect={false}
          />
          {run === undefined ? (
            <EmptyState icon={JobIcon} title={t('run.none')} text={t('run.none_text')} />
          ) : (
            <Answer of={report}>
              {(data) => (
                <>
                  <OutcomeBar counts={data.counts} />
                  <fieldset className="sets-choices">
                    <legend className="flabel">{t('run.whom')}</legend>
                    {OUTCOMES_OF_RUNS.filter((each) => counts[each] !== undefined).map((each) => (
                      <label key={each} className="sets-choice">
                        <input
                          type="radio"
                          name="outcome"
                          checked={outcome === each}
                          onChange={() => show({ ...unreasoned, from: 'run', outcome: each })}
                        />
                        <span>
                          <b>{t(`outcome.${each}`)}</b>
                          <span className="small">{t('form.count', { count: counts[each] ?? 0 })}</span>
                        </span>
                      </label>
                    ))}
                  </fieldset>
                  {reasons.length > 0 && (
                    <Select
                      label={t('run.reason')}
                      placeholder={t('run.any_reason')}
                      clearable
                      data={reasons.map((each) => ({ value: each.reason, label: `${each.text} (${format.number(each.users)})` }))}
                      value={chosen?.reason ?? null}
                      onChange={(next) => show({ ...unreasoned, from: 'run', outcome, ...(next === null ? {} : { reason: next }) })}
                    />
                  )}
                  <TextLink to="/jobs/$id" params={{ id: String(run) }}>
                    {t('run.open')}
                  </TextLink>
                </>
              )}
            </Answer>
          )}
        </div>
      </Card>
      <SetForm
        count={count}
        {...(report.data === undefined ? {} : { suggested: `${report.data.name}: ${t(`outcome.${outcome}`)}`.slice(0, 120) })}
        blocked={count === null || count === 0}
        onMake={(words) =>
          api('set.from_run', { ...words, run: run ?? 0, outcome, ...(chosen === undefined ? {} : { reason: chosen.reason }) })
        }
      />
    </div>
  );
}
