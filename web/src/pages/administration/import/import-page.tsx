import { Button, SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, type InputBesideFiles, type Output, upload } from '../../../api/index.ts';
import { Card, FileField, Notice } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { ProblemNotice } from '../parts/form-dialog.tsx';
import { ImportReport } from './import-report.tsx';

type Report = Output<'users.import'>;
type Mode = 'both' | 'add' | 'update';
type Format = 'alma-json' | 'alma-xml' | 'csv';

interface Options {
  readonly file: File | null;
  readonly format: Format | null;
  readonly encoding: 'utf-8' | 'windows-1252' | null;
  /** `folio`, `file`, or none: our own columns. */
  readonly mapping: 'folio' | 'file' | null;
  readonly mappingFile: File | null;
  readonly mode: Mode;
}

const NONE: Options = { file: null, format: null, encoding: null, mapping: null, mappingFile: null, mode: 'both' };

export function ImportPage() {
  const { t } = useTranslation('admin-system');
  const { number } = useFormat();
  const [options, setOptions] = useState(NONE);
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [busy, setBusy] = useState<'check' | 'import' | null>(null);
  const change = (next: Partial<Options>): void => {
    setOptions({ ...options, ...next });
    // What was found out holds for this file, read this way, and no other.
    setReport(null);
    setProblem(null);
  };
  const send = async (dryRun: boolean): Promise<void> => {
    const { file, mapping, mappingFile } = options;
    if (file === null || busy !== null) return;
    setBusy(dryRun ? 'check' : 'import');
    setProblem(null);
    try {
      const files = { file, ...(mapping === 'file' && mappingFile !== null ? { mapping: mappingFile } : {}) };
      setReport(await upload('users.import', inputOf(options, dryRun), files, { onProgress: setProgress }));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(null);
      setProgress(null);
    }
  };
  const csv = options.format === 'csv' || (options.format === null && /\.(?:csv|txt|tsv)$/i.test(options.file?.name ?? ''));
  const writes = report === null ? 0 : report.created + report.updated;
  return (
    <AdminPage title={t('import_title')} sub={t('import_sub')}>
      <Card title={t('import_file')}>
        <div className="stackv">
          <FileField
            label={t('import_file_label')}
            accept=".json,.xml,.csv,.txt,.tsv"
            hint={t('import_file_hint')}
            value={options.file}
            onChange={(file) => change({ file })}
            progress={progress}
          />
          <div className="adm-two">
            <Select
              label={t('import_format')}
              placeholder={t('import_by_content')}
              clearable
              value={options.format}
              onChange={(format) => change({ format })}
              data={[
                { value: 'alma-json', label: t('format_json') },
                { value: 'alma-xml', label: t('format_xml') },
                { value: 'csv', label: t('format_csv') },
              ]}
            />
            <Select
              label={t('import_encoding')}
              placeholder={t('encoding_utf8')}
              clearable
              value={options.encoding}
              onChange={(encoding) => change({ encoding })}
              data={[
                { value: 'utf-8', label: t('encoding_utf8') },
                { value: 'windows-1252', label: t('encoding_1252') },
              ]}
            />
            {csv && (
              <Select
                label={t('import_mapping')}
                placeholder={t('mapping_own')}
                clearable
                value={options.mapping}
                onChange={(mapping) => change({ mapping, mappingFile: null })}
                data={[
                  { value: 'folio', label: t('mapping_folio') },
                  { value: 'file', label: t('mapping_file') },
                ]}
              />
            )}
          </div>
          {csv && options.mapping === 'file' && (
            <FileField
              label={t('mapping_file_label')}
              accept=".json"
              hint={t('mapping_file_hint')}
              value={options.mappingFile}
              onChange={(mappingFile) => change({ mappingFile })}
            />
          )}
          <div>
            <span className="flabel" id="import-mode">
              {t('import_mode')}
            </span>
            <SegmentedControl
              aria-labelledby="import-mode"
              className="adm-seg"
              value={options.mode}
              onChange={(mode) => change({ mode })}
              data={[
                { value: 'both', label: t('mode_both') },
                { value: 'add', label: t('mode_add') },
                { value: 'update', label: t('mode_update') },
              ]}
            />
          </div>
          {problem !== null && <ProblemNotice problem={problem} />}
          <div className="row wrap">
            <Button
              variant={report === null ? 'filled' : 'default'}
              disabled={options.file === null || (options.mapping === 'file' && options.mappingFile === null)}
              loading={busy === 'check'}
              onClick={() => void send(true)}
            >
              {t('import_check')}
            </Button>
            <span className="muted small">{t('import_check_hint')}</span>
          </div>
        </div>
      </Card>
      {report !== null && <ImportReport report={report} />}
      {report?.dry_run === true && (
        <Card title={t('import_now')}>
          {writes === 0 ? (
            <Notice tone="info" title={t('import_nothing')}>
              {t('import_nothing_text')}
            </Notice>
          ) : (
            <div className="stackv">
              <p className="sentence">
                {t('import_sentence', { created: number(report.created), updated: number(report.updated) })}{' '}
                {report.rejected > 0 && t('import_left_out', { count: report.rejected })}
              </p>
              <div className="row wrap">
                <Button variant="filled" loading={busy === 'import'} onClick={() => void send(false)}>
                  {t('import_do', { count: writes })}
                </Button>
                <span className="muted small">{t('import_undo_hint')}</span>
              </div>
            </div>
          )}
        </Card>
      )}
    </AdminPage>
  );
}

function inputOf({ format, encoding, mapping, mode }: Options, dryRun: boolean): InputBesideFiles<'users.import'> {
  return {
    mode,
    dryRun,
    ...(format === null ? {} : { format }),
    ...(encoding === null ? {} : { encoding }),
    // A ready-made mapping goes by its name, a file of one beside.
    ...(mapping === 'folio' ? { mapping } : {}),
  };
}
