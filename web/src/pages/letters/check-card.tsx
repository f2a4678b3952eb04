import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, Card, ChangedIcon, FailedIcon, languageName, WarnIcon } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';

interface CheckCardProps {
  readonly type: string;
  readonly language: string;
  /** Members for whom it is checked; undefined: everybody. */
  readonly set: number | undefined;
  readonly writes: boolean;
  readonly onSet: (set: number | undefined) => void;
  readonly onLanguage: (language: string) => void;
  readonly onPlace: (line: number, column: number) => void;
}

/** What is wrong with the letter or missing, and for how many of a set; each with what can be done. */
export function CheckCard({ type, language, set, writes, onSet, onLanguage, onPlace }: CheckCardProps) {
  const { t } = useTranslation('letters');
  const can = useCan();
  const { number } = useFormat();
  const [links, setLinks] = useState(false);
  const sets = useApi('set.list', { limit: 200 }, { enabled: can('sets:read'), staleTime: 60_000 });
  const check = useApi('letter.check', { type, links, ...(set === undefined ? {} : { set }) }, { keepPrevious: true, staleTime: 30_000 });
  return (
    <Card
      title={t('check.title')}
      sub={check.data === undefined ? undefined : t('check.for', { count: check.data.members, number: number(check.data.members) })}
      right={
        <Button size="xs" loading={links && check.isFetching} onClick={() => (links ? void check.refetch() : setLinks(true))}>
          {t('check.links')}
        </Button>
      }
    >
      <div className="stackv tight">
        {can('sets:read') && (
          <Select
            label={t('check.set')}
            placeholder={t('check.everybody')}
            data={(sets.data?.sets ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={set === undefined ? null : String(set)}
            onChange={(value) => onSet(value === null ? undefined : Number(value))}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('check.everybody') }}
          />
        )}
        <Answer of={check}>
          {(found) => <Findings found={found} language={language} writes={writes} onLanguage={onLanguage} onPlace={onPlace} />}
        </Answer>
      </div>
    </Card>
  );
}

interface FindingsProps extends Pick<CheckCardProps, 'language' | 'writes' | 'onLanguage' | 'onPlace'> {
  readonly found: Output<'letter.check'>;
}

function Findings({ found, language, writes, onLanguage, onPlace }: FindingsProps) {
  const { t } = useTranslation('letters');
  const { number, locale } = useFormat();
  const problems = found.letters.flatMap(({ language: of, version, problems: list }) =>
    list.map((problem) => ({ ...problem, of, version })),
  );
  const empty = found.empty.filter(({ languages, users }) => users > 0 && languages.includes(language));
  const dead = (found.links ?? []).filter(({ ok }) => !ok);
  const nothing = problems.length === 0 && found.missing.length === 0 && dead.length === 0;
  return (
    <ul className="findings">
      {problems.map(({ of, version, part, line, column, severity, message }) => (
        <li key={`${of} ${version} ${part} ${line} ${column} ${message}`}>
          {severity === 'error' ? <FailedIcon /> : <WarnIcon />}
          <span>
            <b>{t('check.place', { language: languageName(of, locale), version, line, column })}</b> {message}
          </span>
          {part === 'body' && of === language && (
            <button type="button" className="do-link" onClick={() => onPlace(line, column)}>
              {t('check.go')}
            </button>
          )}
        </li>
      ))}
      {found.missing.map(({ language: of, users, gets }) => (
        <li key={of}>
          <WarnIcon />
          <span>
            <b>{t('check.read', { count: users, number: number(users), language: languageName(of, locale) })}</b>{' '}
            {gets === null ? t('check.get_nothing') : t('check.get', { language: languageName(gets, locale) })}
          </span>
          {writes && (
            <button type="button" className="do-link" onClick={() => onLanguage(of)}>
              {t('check.write')}
            </button>
          )}
        </li>
      ))}
      {empty.map(({ field, users }) => (
        <li key={field}>
          <WarnIcon />
          <span>
            <b>{t('check.empty', { count: users, number: number(users) })}</b> <span className="mono">{field}</span>
          </span>
        </li>
      ))}
      {dead.map(({ address, detail }) => (
        <li key={address}>
          <FailedIcon />
          <span className="break">
            <b>{address}</b> {detail}
          </span>
        </li>
      ))}
      {nothing && (
        <li className="good">
          <ChangedIcon />
          <span>{found.links === null ? t('check.good') : t('check.good_links', { count: found.links.length })}</span>
        </li>
      )}
    </ul>
  );
}
