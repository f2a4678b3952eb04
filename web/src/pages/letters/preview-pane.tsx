import { SegmentedControl, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, ChevronLeftIcon, ChevronRightIcon, LetterPaper, None, Notice } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { PrintedPages } from './printed-pages.tsx';
import { FORMS, type LetterForm } from './routes.ts';
import type { Wording } from './use-draft.ts';

type Shown = Output<'letter.preview'>['letters'][number];
type Why = Output<'letter.awkward_users'>['users'][number]['reasons'][number]['why'];

interface PreviewPaneProps {
  readonly type: string;
  readonly language: string;
  readonly wording: Wording;
  readonly preview: {
    readonly data: Output<'letter.preview'> | undefined;
    readonly error: Parameters<typeof Answer>[0]['of']['error'];
    refetch(): unknown;
  };
  readonly form: LetterForm;
  readonly user: string | undefined;
  readonly onForm: (form: LetterForm) => void;
  readonly onUser: (user: string | undefined) => void;
}

/** The letter as a user would get it, in every form, filled in by the server out of what stands in the editor. */
export function PreviewPane({ type, language, wording, preview, form, user, onForm, onUser }: PreviewPaneProps) {
  const { t } = useTranslation('letters');
  const can = useCan();
  const awkward = useApi('letter.awkward_users', {}, { staleTime: 300_000, enabled: can('users:read') });
  const users = awkward.data?.users ?? [];
  const at = users.findIndex((each) => each.user === user);
  const step = (by: number): void => {
    const next = users[(Math.max(0, at) + (at < 0 ? 0 : by) + users.length) % users.length];
    if (next !== undefined) onUser(next.user);
  };
  return (
    <section className="card letter-preview" aria-label={t('preview.title')}>
      <div className="ch">
        <h2>{t('preview.title')}</h2>
        <div className="r">
          <SegmentedControl
            size="xs"
            aria-label={t('preview.as')}
            value={form}
            onChange={(value) => onForm(value as LetterForm)}
            data={FORMS.map((value) => ({ value, label: t(`form.${value}`) }))}
          />
        </div>
      </div>
      {can('users:read') && (
        <div className="letter-for">
          <div className="row">
            <UserChoice user={user} onUser={onUser} />
            {users.length > 0 && (
              <>
                <button type="button" className="btn sm icon" aria-label={t('preview.before')} onClick={() => step(-1)}>
                  <ChevronLeftIcon />
                </button>
                <button type="button" className="btn sm icon" aria-label={t('preview.next')} onClick={() => step(1)}>
                  <ChevronRightIcon />
                </button>
              </>
            )}
          </div>
          {users.length > 0 && (
            <div className="row wrap small">
              <span className="muted">{t('preview.try')}</span>
              <Awkward users={users} user={user} onUser={onUser} />
            </div>
          )}
        </div>
      )}
      <div className="letter-desk" aria-live="polite">
        <Answer of={preview}>
          {({ problems, letters }) => {
            const letter = letters[0];
            const errors = problems.filter(({ severity }) => severity === 'error').length;
            if (errors > 0 || letter === undefined)
              return (
                <Notice tone="fail" title={t('preview.cannot', { count: errors })}>
                  {t('preview.cannot_text')}
                </Notice>
              );
            if (letter.problem !== null) return <Notice tone="fail" title={letter.problem} />;
            return <Filled letter={letter} form={form} ask={{ type, language, wording, user }} />;
          }}
        </Answer>
      </div>
    </section>
  );
}

function Awkward({
  users,
  user,
  onUser,
}: {
  readonly users: Output<'letter.awkward_users'>['users'];
  readonly user: string | undefined;
  readonly onUser: (user: string) => void;
}) {
  const { t } = useTranslation('letters');
  const first = new Map<Exclude<Why, 'language'>, string>();
  for (const { user: id, reasons } of users) for (const { why } of reasons) if (why !== 'language' && !first.has(why)) first.set(why, id);
  return [...first].map(([why, id]) => (
    <button key={why} type="button" className="chip" aria-pressed={user === id} onClick={() => onUser(id)}>
      {t(`awkward.${why}`)}
    </button>
  ));
}

function UserChoice({ user, onUser }: { readonly user: string | undefined; readonly onUser: (user: string | undefined) => void }) {
  const { t } = useTranslation('letters');
  const [text, setText] = useState('');
  const [searched] = useDebouncedValue(text, 150);
  const found = useApi('users.search', { text: searched, limit: 8 }, { enabled: searched.trim() !== '', keepPrevious: true });
  const named = (found.data?.users ?? []).map(({ primary_id, first_name, last_name }) => ({
    value: primary_id,
    label: [[first_name, last_name].filter((part) => part !== null && part !== '').join(' '), primary_id]
      .filter((part) => part !== '')
      .join(', '),
  }));
  const data = user === undefined || named.some(({ value }) => value === user) ? named : [{ value: user, label: user }, ...named];
  return (
    <Select
      className="grow"
      aria-label={t('preview.user')}
      placeholder={t('preview.made_up')}
      data={data}
      value={user ?? null}
      onChange={(value) => onUser(value ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('preview.nobody') }}
      filter={({ options }) => options}
      onSearchChange={setText}
      nothingFoundMessage={text.trim() === '' ? t('preview.type_a_name') : t('preview.nobody_found')}
    />
  );
}

interface FilledProps {
  readonly letter: Shown;
  readonly form: LetterForm;
  readonly ask: { readonly type: string; readonly language: string; readonly wording: Wording; readonly user: string | undefined };
}

function Filled({ letter, form, ask }: FilledProps) {
  const { t } = useTranslation('letters');
  const { number } = useFormat();
  if (form === 'print') return <PrintedPages {...ask} />;
  if (form === 'sms') {
    if (letter.sms === null)
      return (
        <Notice tone="info" title={t('preview.no_sms')}>
          {t('preview.no_sms_text')}
        </Notice>
      );
    return (
      <>
        <p className="sms-bubble" dir="auto">
          {letter.sms.text}
        </p>
        <p className="muted small">
          {t('sms.size', { count: letter.sms.segments, length: number(letter.sms.length), encoding: letter.sms.encoding })}
        </p>
      </>
    );
  }
  return (
    <>
      <dl className="env">
        <dt>{t('preview.to')}</dt>
        <dd className="break">{letter.to ?? (letter.user === null ? t('preview.made_up') : <None />)}</dd>
        <dt>{t('preview.subject')}</dt>
        <dd>
          <b dir="auto">{letter.subject}</b>
        </dd>
      </dl>
      {form === 'html' ? (
        <LetterPaper title={t('preview.letter_to', { name: letter.name })} html={letter.html ?? ''} />
      ) : (
        <pre className="letter-text" dir="auto">
          {letter.text}
        </pre>
      )}
    </>
  );
}
