/** The right column of everything that makes a set: how many, its name, what kind, for whom; and the two ways on. */
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, invalidate } from '../../api/index.ts';
import { Card, Notice, PlayIcon, SetIcon, toast } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';

export interface SetWords {
  readonly name: string;
  readonly description?: string;
  readonly private: boolean;
}

interface SetFormProps {
  /** How many it would have; null while that is not known. */
  readonly count: number | null;
  readonly under?: ReactNode;
  /** A name to begin with, for as long as nobody has typed one. */
  readonly suggested?: string;
  readonly kind?: ReactNode;
  /** Why it cannot be made yet. */
  readonly blocked?: boolean;
  /** 0 to 1 while a file is sent. */
  readonly onMake: (words: SetWords) => Promise<{ readonly id: number; readonly name: string; readonly members: number }>;
  readonly children?: ReactNode;
}

export function SetForm({ count, under, suggested = '', kind, blocked = false, onMake, children }: SetFormProps) {
  const { t } = useTranslation('sets');
  const can = useCan();
  const go = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const [description, setDescription] = useState('');
  const [shared, setShared] = useState(false);
  const [busy, setBusy] = useState<'set' | 'job' | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const name = typed ?? suggested;
  const make = async (then: 'set' | 'job'): Promise<void> => {
    setBusy(then);
    setProblem(null);
    try {
      const made = await onMake({
        name: name.trim(),
        private: !shared,
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      });
      await invalidate(client, 'set.list');
      toast(t('made', { name: made.name, count: made.members }));
      await (then === 'job' ? go({ to: '/jobs/new', search: { set: made.id } }) : go({ to: '/sets/$id', params: { id: String(made.id) } }));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(null);
    }
  };
  const taken = problem?.code === 'sets.name_taken' ? problem.message : problem?.field('name');
  const ready = !blocked && name.trim() !== '' && busy === null;
  const job = can('jobs:run');
  return (
    <Card title={t('form.title')}>
      <form
        className="stackv"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void make('set');
        }}
      >
        <div aria-live="polite">
          <p className="sets-hero">{count === null ? '–' : t('form.number', { count })}</p>
          <p className="muted">{under ?? t('form.users', { count: count ?? 0 })}</p>
        </div>
        {children}
        <TextInput
          label={t('form.name')}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setTyped(event.currentTarget.value)}
          {...(taken === undefined ? {} : { error: taken })}
        />
        <Textarea
          label={t('form.description')}
          placeholder={t('form.description_hint')}
          autosize
          minRows={1}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {kind}
        <Checkbox label={t('form.shared')} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
        {problem !== null && taken === undefined && (
          <Notice tone="fail" title={problem.message} live>
            <span className="mono small">{problem.code}</span>
          </Notice>
        )}
        <div className="stackv tight">
          {job && (
            <Button variant="filled" leftSection={<PlayIcon />} disabled={!ready} loading={busy === 'job'} onClick={() => void make('job')}>
              {t('form.make_and_use')}
            </Button>
          )}
          <Button type="submit" variant={job ? 'default' : 'filled'} leftSection={<SetIcon />} disabled={!ready} loading={busy === 'set'}>
            {t('form.make')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

export type Kind = 'itemized' | 'logical';

interface KindChoiceProps {
  readonly value: Kind;
  readonly onChange: (kind: Kind) => void;
  /** What each means here. */
  readonly texts: Readonly<Record<Kind, string>>;
  /** Why it cannot be logical. */
  readonly noLogical?: string;
}

export function KindChoice({ value, onChange, texts, noLogical }: KindChoiceProps) {
  const { t } = useTranslation('sets');
  const name = useId();
  return (
    <fieldset className="sets-choices">
      <legend className="flabel">{t('kind.label')}</legend>
      {(['itemized', 'logical'] as const).map((kind) => (
        <label key={kind} className="sets-choice">
          <input
            type="radio"
            name={name}
            checked={value === kind}
            disabled={kind === 'logical' && noLogical !== undefined}
            onChange={() => onChange(kind)}
          />
          <span>
            <b>{t(`kind.${kind}`)}</b>
            <span className="small">{kind === 'logical' && noLogical !== undefined ? noLogical : texts[kind]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
