import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, invalidate, type Output, upload } from '../../api/index.ts';
import { FileField, Notice, TextLink } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';

interface MadeProps {
  readonly onMade: (set: { readonly id: number; readonly name: string }) => void;
}

/** A set out of a file of identifiers; what led to nobody is told at once. */
export function SetFromFile({ onMade }: MadeProps) {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [progress, setProgress] = useState<number | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const [made, setMade] = useState<Output<'set.create'> | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (file === null) return;
    setProblem(null);
    setProgress(0);
    try {
      const set = await upload('set.create', { name: name.trim() }, { file }, { onProgress: setProgress });
      setMade(set);
      onMade(set);
      await invalidate(client, 'set.list');
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setProgress(null);
    }
  };
  const left = made === null ? [] : (['not_found', 'duplicates', 'ambiguous'] as const).filter((each) => made[each] > 0);
  return (
    <form className="stackv tight" onSubmit={(event) => void submit(event)}>
      <FileField
        label={t('set.file')}
        accept=".csv,.txt,.tsv,.xlsx"
        hint={t('set.file_hint')}
        value={file}
        onChange={(next) => {
          setFile(next);
          setMade(null);
          if (next !== null && name === '') setName(next.name.replace(/\.[^.]+$/, ''));
        }}
        progress={progress}
        {...(problem === null ? {} : { error: problem.message })}
      />
      <TextInput label={t('set.name')} required value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
      <Button type="submit" className="nj-left" disabled={file === null || name.trim() === ''} loading={progress !== null}>
        {t('set.make')}
      </Button>
      {made !== null && (
        <Notice
          tone={left.length > 0 ? 'warn' : 'info'}
          title={t('set.made', { name: made.name, count: made.members })}
          live
          {...(left.length > 0
            ? {
                actions: (
                  <TextLink to="/sets/$id" params={{ id: String(made.id) }}>
                    {t('set.which_lines')}
                  </TextLink>
                ),
              }
            : {})}
        >
          {left.map((each) => t(`set.${each}`, { count: made[each], number: format.number(made[each]) })).join(' · ')}
        </Notice>
      )}
    </form>
  );
}
