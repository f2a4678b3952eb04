import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, CANCELLED, type Output, upload } from '../../api/index.ts';
import { Card, FileField, LoadingRows } from '../../components/index.ts';
import { FileColumns, type ListChoice } from './file-columns.tsx';
import { FileParts } from './file-parts.tsx';
import { LineTable } from './line-table.tsx';
import { SetForm } from './set-form.tsx';

export const LIST_KINDS = '.csv,.txt,.tsv,.xlsx';

/** Out of a file of identifiers. What it finds is said before there is a set. */
export function FromFile() {
  const { t } = useTranslation('sets');
  const [file, setFile] = useState<File | null>(null);
  const [choice, setChoice] = useState<ListChoice>({});
  const look = useFileCheck(file, choice);
  const { checked, problem } = look;
  return (
    <div className="grid sets-two">
      <div className="stackv">
        <Card title={t('file.title')}>
          <div className="stackv">
            <FileField
              label={t('file.label')}
              accept={LIST_KINDS}
              hint={t('file.hint')}
              value={file}
              onChange={(next) => {
                setChoice({});
                setFile(next);
              }}
              progress={look.progress}
              {...(problem === null ? {} : { error: problem.message })}
            />
            {checked !== null && <FileColumns checked={checked} choice={choice} onChange={setChoice} />}
          </div>
        </Card>
        {file !== null && problem === null && (
          <Card title={t('file.found')} sub={checked === null ? '' : t('file.of_identifiers', { count: checked.identifiers })}>
            {checked === null ? (
              <LoadingRows rows={3} />
            ) : (
              <div className="stackv">
                <FileParts counts={checked} />
                {checked.lines.length > 0 && (
                  <LineTable
                    lines={checked.lines}
                    total={checked.not_found + checked.duplicates + checked.ambiguous}
                    name={file.name}
                    more={t('lines.more_later')}
                  />
                )}
              </div>
            )}
          </Card>
        )}
      </div>
      <SetForm
        count={checked?.members ?? null}
        {...(file === null ? {} : { suggested: file.name.replace(/\.[^.]+$/, '').slice(0, 120) })}
        blocked={file === null || checked === null}
        onMake={(words) => {
          if (file === null) throw new Error('The button waits for a file.');
          return upload('set.create', { ...words, ...choice }, { file });
        }}
      />
    </div>
  );
}

interface FileCheck {
  readonly checked: Output<'set.check_file'> | null;
  readonly problem: AppProblem | null;
  /** 0 to 1 while the file is sent. */
  readonly progress: number | null;
}

const NOTHING: FileCheck = { checked: null, problem: null, progress: null };

/** What the server finds in the file; asked again with every other column or type. */
function useFileCheck(file: File | null, choice: ListChoice): FileCheck {
  const [look, setLook] = useState(NOTHING);
  const before = useRef<File | null>(null);
  useEffect(() => {
    const same = before.current === file;
    before.current = file;
    // With another column of the same file the last answer stays until the next is there.
    setLook((now) => (file === null || !same ? NOTHING : { ...now, problem: null }));
    if (file === null) return;
    const away = new AbortController();
    const onProgress = (progress: number): void => setLook((now) => ({ ...now, progress }));
    upload('set.check_file', choice, { file }, { signal: away.signal, onProgress }).then(
      (checked) => setLook({ checked, problem: null, progress: null }),
      (error: unknown) => {
        const problem = asProblem(error);
        if (problem.code !== CANCELLED) setLook({ checked: null, problem, progress: null });
      },
    );
    return () => away.abort();
  }, [file, choice]);
  return look;
}
