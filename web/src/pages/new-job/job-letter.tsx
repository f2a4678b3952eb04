import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, Card, ChevronLeftIcon, ChevronRightIcon, EmptyState, LoadingRows, MailIcon, Notice } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { Choices } from './inputs.tsx';
import { useJob } from './job.ts';
import { formOf, LETTER_FORMS, type LetterForm, OneLetter } from './one-letter.tsx';
import type { NewJobSearch } from './search.ts';

/** Where the card is, for what leads to it. */
export const JOB_LETTER = 'nj-letter';

/** Whose letter is shown: it stands in the address. */
export function useLetterOf(): readonly [string | undefined, (user: string) => void] {
  const search: NewJobSearch = useSearch({ from: '/jobs/new' });
  const navigate = useNavigate();
  const { draft, step } = useJob();
  const show = (as: string): void =>
    void navigate({ to: '/jobs/new', search: { ...search, draft: draft.id, step, as }, replace: true, resetScroll: false });
  return [search.as, show];
}

/** The job's letters as one of its users will get them: filled by the server with the record as the plan leaves it. */
export function JobLetter() {
  const { t } = useTranslation('new-job');
  const { draft, plan, ready, preview } = useJob();
  const people = usePeople();
  const label = useTypeLabel();
  const [as, setAs] = useLetterOf();
  const [type, setType] = useState<string | null>(null);
  const [chosen, setForm] = useState<LetterForm | null>(null);
  const shown = as ?? people.first;
  const answer = useApi(
    'job.preview_letter',
    { set: draft.set?.id ?? 0, plan, user: shown ?? '' },
    { enabled: ready && shown !== undefined, keepPrevious: true, staleTime: 60_000 },
  );
  const letters = answer.data?.letters ?? [];
  const letter = letters.find((each) => each.type === type) ?? letters.find((each) => each.outcome === 'queued') ?? letters[0];
  const form = chosen ?? formOf(letter);
  return (
    <Card
      id={JOB_LETTER}
      title={t('letter.paper')}
      right={
        letter?.outcome === 'queued' && (
          <Choices
            label={t('letter.form')}
            value={form}
            onChange={setForm}
            options={LETTER_FORMS.map((value) => ({ value, label: t(`letter.forms.${value}`) }))}
          />
        )
      }
    >
      <div className="stackv">
        <Who people={people} shown={shown} onUser={setAs} />
        {letters.length > 1 && letter !== undefined && (
          <Choices
            label={t('letter.type')}
            value={letter.type}
            onChange={setType}
            options={letters.map((each) => ({ value: each.type, label: label(each.type) }))}
          />
        )}
        {shown === undefined ? (
          preview === undefined ? (
            <LoadingRows rows={5} />
          ) : (
            <EmptyState icon={MailIcon} title={t('letter.whose')} text={t('letter.whose_text')} />
          )
        ) : (
          <div aria-live="polite" aria-busy={answer.isFetching}>
            <Answer of={answer} loading={<LoadingRows rows={5} />}>
              {({ user, in_set }) => (
                <div className="stackv">
                  {in_set === false && <Notice tone="info" title={t('letter.not_in_set')} />}
                  {letter !== undefined && <OneLetter letter={letter} user={user} form={form} />}
                </div>
              )}
            </Answer>
          </div>
        )}
      </div>
    </Card>
  );
}

function useTypeLabel(): (code: string) => string {
  const { i18n } = useTranslation();
  const types = useApi('notification_type.list', {}, { staleTime: 60_000 });
  return (code) => {
    const type = types.data?.types.find((each) => each.code === code);
    return type === undefined ? code : i18n.language === 'de' ? type.label_de : type.label_en;
  };
}

interface Person {
  readonly value: string;
  readonly label: string;
}

interface People {
  readonly groups: readonly { readonly group: string; readonly items: Person[] }[];
  readonly first: string | undefined;
}

/** Members who would change, and those on whom a letter is easily wrong. */
function usePeople(): People {
  const { t } = useTranslation('new-job');
  const { draft, preview } = useJob();
  const awkward = useApi('letter.awkward_users', { set: draft.set?.id ?? 0 }, { enabled: draft.set !== null, staleTime: 300_000 });
  const changed = (preview?.users ?? []).map((each) => ({
    value: each.primary_id,
    label: each.name === '' ? each.primary_id : each.name,
  }));
  const others = (awkward.data?.users ?? [])
    .filter((each) => !changed.some((other) => other.value === each.user))
    .map((each) => ({
      value: each.user,
      label: `${each.name.trim() === '' ? each.user : each.name} (${each.reasons
        .map(({ why, detail }) => (why === 'language' ? t('letter.why.language', { language: detail ?? '' }) : t(`letter.why.${why}`)))
        .join(', ')})`,
    }));
  const groups = [
    { group: t('letter.would_change'), items: changed },
    { group: t('letter.awkward'), items: others },
  ].filter((group) => group.items.length > 0);
  const reached = preview?.users.find((each) => each.letters.length > 0)?.primary_id;
  // Not one of the others before it is known whether somebody changes.
  return { groups, first: preview === undefined ? undefined : (reached ?? groups[0]?.items[0]?.value) };
}

interface WhoProps {
  readonly people: People;
  readonly shown: string | undefined;
  readonly onUser: (user: string) => void;
}

/** One of those offered, one after another, or anybody by name or identifier. */
function Who({ people, shown, onUser }: WhoProps) {
  const { t } = useTranslation('new-job');
  const can = useCan();
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<Person | null>(null);
  const offered = people.groups.flatMap((group) => group.items);
  const known = [...offered, ...(picked === null ? [] : [picked])];
  const value = shown === undefined ? null : (known.find((each) => each.value === shown) ?? { value: shown, label: shown });
  // What stands in the field of somebody chosen is their own name.
  const typed = text === value?.label ? '' : text.trim();
  const [searched] = useDebouncedValue(typed, 150);
  const found = useApi(
    'users.search',
    { text: searched, limit: 8 },
    { enabled: searched !== '' && can('users:read'), keepPrevious: true, staleTime: 60_000 },
  );
  const hits = (found.data?.users ?? []).map(({ primary_id, first_name, last_name }) => ({
    value: primary_id,
    label: [[first_name, last_name].filter((part) => part !== null && part !== '').join(' '), primary_id]
      .filter((part) => part !== '')
      .join(', '),
  }));
  const matches = offered.filter((each) => each.label.toLowerCase().includes(typed.toLowerCase()));
  const listed = typed === '' ? [] : [...matches, ...hits.filter((hit) => !matches.some((each) => each.value === hit.value))];
  const alone = value === null || offered.some((each) => each.value === value.value) ? [] : [value];
  const at = offered.findIndex((each) => each.value === shown);
  const step = (by: number): void => {
    const next = offered[at + by];
    if (next !== undefined) onUser(next.value);
  };
  return (
    <div className="row nj-who">
      <Select
        className="grow"
        label={t('letter.as')}
        data={typed === '' ? [...alone, ...people.groups] : listed}
        value={value?.value ?? null}
        onChange={(next) => {
          if (next === null) return;
          setPicked(listed.find((each) => each.value === next) ?? null);
          onUser(next);
        }}
        searchable
        allowDeselect={false}
        placeholder={t('letter.type_a_name')}
        filter={({ options }) => options}
        onSearchChange={setText}
        nothingFoundMessage={found.isFetching ? t('letter.looking') : t('letter.nobody_found')}
      />
      <button type="button" className="btn icon" disabled={at <= 0} aria-label={t('letter.previous')} onClick={() => step(-1)}>
        <ChevronLeftIcon small />
      </button>
      <button type="button" className="btn icon" disabled={at >= offered.length - 1} aria-label={t('letter.next')} onClick={() => step(1)}>
        <ChevronRightIcon small />
      </button>
    </div>
  );
}
