import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { FilterSentence } from '../../components/filter/filter-sentence.tsx';
import { KindBadge, useOrigin } from './words.tsx';

const OFFERED = 40;

interface SetChoiceProps {
  /** A or B. */
  readonly letter: string;
  readonly value: number | undefined;
  /** Users of today, once they are counted. */
  readonly users: number | null;
  readonly onChange: (id: number) => void;
}

/** One of the two sets, found by typing. */
export function SetChoice({ letter, value, users, onChange }: SetChoiceProps) {
  const { t } = useTranslation('sets');
  const origin = useOrigin();
  const [text, setText] = useState('');
  const chosen = useApi('set.show', { set: value ?? 0 }, { enabled: value !== undefined });
  const found = useApi('set.list', { limit: OFFERED, ...(text.trim() === '' ? {} : { search: text.trim() }) }, { keepPrevious: true });
  const names = new Map((found.data?.sets ?? []).map((set) => [String(set.id), set.name]));
  if (chosen.data !== undefined) names.set(String(chosen.data.id), chosen.data.name);
  return (
    <section className="card sets-one" aria-label={t('combine_page.set', { letter })}>
      <span className="sets-letter" aria-hidden="true">
        {letter}
      </span>
      <Select
        aria-label={t('combine_page.set', { letter })}
        placeholder={t('combine_page.choose')}
        searchable
        data={[...names].map(([id, label]) => ({ value: id, label }))}
        value={value === undefined ? null : String(value)}
        onChange={(next) => next !== null && onChange(Number(next))}
        onSearchChange={(next) => setText([...names.values()].includes(next) ? '' : next)}
        filter={({ options }) => options}
        nothingFoundMessage={t('combine_page.no_set')}
        allowDeselect={false}
      />
      <div className="num">
        <div className="v">{users === null ? '–' : t('form.number', { count: users })}</div>
        <div className="small muted">{t('form.users', { count: users ?? 0 })}</div>
      </div>
      <div className="sets-one-text small muted">
        {chosen.data === undefined ? (
          chosen.error === null ? (
            t('combine_page.choose_text')
          ) : (
            <span className="fail-text">{chosen.error.message}</span>
          )
        ) : (
          <>
            <KindBadge kind={chosen.data.kind} />{' '}
            {chosen.data.where === null ? (
              t('combine_page.frozen', { origin: origin(chosen.data.source) })
            ) : (
              <>
                {t('combine_page.counted')} <FilterSentence filter={chosen.data.filter} where={chosen.data.where} />
              </>
            )}
          </>
        )}
      </div>
    </section>
  );
}
