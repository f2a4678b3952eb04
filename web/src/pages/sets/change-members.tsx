import { Button, Modal, SegmentedControl, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, api, asProblem, upload } from '../../api/index.ts';
import { FileField, Notice } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { LIST_KINDS } from './from-file.tsx';
import { Problem } from './problem.tsx';
import type { SetView } from './words.tsx';

const VERBS = ['add', 'remove', 'replace'] as const;
type Verb = (typeof VERBS)[number];
const NAMES = { add: 'set.add_members', remove: 'set.remove_members', replace: 'set.replace_members' } as const;

interface ChangeMembersProps {
  readonly set: SetView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

interface Done {
  readonly members: number;
  readonly not_found: number;
  readonly duplicates: number;
  readonly ambiguous: number;
  readonly added?: number;
  readonly already?: number;
  readonly removed?: number;
  readonly no_members?: number;
}

/** Takes users in or out by their identifiers, typed or in a file; or puts others in the place of all. */
export function ChangeMembers({ set, onClose, onDone }: ChangeMembersProps) {
  const { t } = useTranslation(['sets', 'common']);
  const format = useFormat();
  const [verb, setVerb] = useState<Verb>('add');
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const ids = text.split(/[\s,;]+/).filter((id) => id !== '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    setDone(null);
    setProgress(0);
    try {
      const name = NAMES[verb];
      setDone(
        file === null ? await api(name, { set: set.id, ids }) : await upload(name, { set: set.id }, { file }, { onProgress: setProgress }),
      );
      setText('');
      setFile(null);
      await onDone();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setProgress(null);
    }
  };
  const left = done === null ? 0 : done.not_found + done.duplicates + done.ambiguous;
  const said =
    done === null
      ? []
      : (['added', 'already', 'removed', 'no_members', 'not_found', 'duplicates', 'ambiguous'] as const).flatMap((each) => {
          const count = done[each] ?? 0;
          return count === 0 && each !== 'added' && each !== 'removed'
            ? []
            : done[each] === undefined
              ? []
              : [t(`changed.${each}`, { number: format.number(count) })];
        });
  return (
    <Modal opened onClose={onClose} size="lg" title={t('change.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form className="stackv" onSubmit={(event) => void submit(event)}>
        <SegmentedControl
          aria-label={t('change.what')}
          value={verb}
          onChange={(next) => setVerb(VERBS.find((each) => each === next) ?? 'add')}
          data={VERBS.map((value) => ({ value, label: t(`change.${value}`) }))}
        />
        <Textarea
          label={t('change.ids')}
          description={t('change.ids_hint')}
          className="mono"
          autosize
          minRows={3}
          maxRows={10}
          value={text}
          disabled={file !== null}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <FileField
          label={t('change.file')}
          accept={LIST_KINDS}
          hint={t('file.hint')}
          value={file}
          onChange={setFile}
          progress={file === null ? null : progress}
        />
        {verb === 'replace' && <Notice tone="warn" title={t('change.replace_warning', { count: set.members ?? 0 })} />}
        {problem !== null && <Problem problem={problem} />}
        {done !== null && (
          <Notice tone={left > 0 ? 'warn' : 'info'} title={t('changed.now', { count: done.members })} live>
            {said.join(' · ')}
            {left > 0 && <> · {t('changed.lines')}</>}
          </Notice>
        )}
        <div className="row">
          <Button
            type="submit"
            variant={verb === 'replace' ? 'default' : 'filled'}
            className={verb === 'replace' ? 'danger' : ''}
            disabled={file === null && ids.length === 0}
            loading={progress !== null}
          >
            {file === null ? t(`change.do_${verb}`, { count: ids.length }) : t(`change.do_${verb}_file`)}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
