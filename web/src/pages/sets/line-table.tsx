import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, saveFile } from '../../api/index.ts';
import { ConflictIcon, DownloadIcon, FailedIcon, NumberText, SkippedIcon, toastProblem } from '../../components/index.ts';
import type { Reason } from './routes.ts';

export type Line = Output<'set.file_lines'>['lines'][number];

interface LineTableProps {
  readonly lines: readonly Line[];
  readonly total: number;
  /** Of the file or set, for the name of the download. */
  readonly name: string;
  /** What is said when there are more than are shown. */
  readonly more: string;
  /** All of them, when these are not all. */
  readonly load?: () => Promise<readonly Line[]>;
}

/** Lines of a list that brought nobody, with the reason, to be read here or taken along. */
export function LineTable({ lines, total, name, more, load }: LineTableProps) {
  const { t } = useTranslation('sets');
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const all = load === undefined ? lines : await load();
      const head = [t('lines.line'), t('lines.value'), t('lines.reason')];
      const rows = all.map((line) => [String(line.line), line.value, t(`reason.${line.reason}`)]);
      // With a mark of UTF-8, so that Excel reads the letters rightly.
      const text = `\ufeff${[head, ...rows].map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`;
      saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), t('lines.file_name', { name: name.replace(/[\\/:*?"<>|]/g, '_') }));
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stackv tight">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys, too */}
      <section className="sets-lines" tabIndex={0} aria-label={t('lines.title')}>
        <table className="t">
          <thead>
            <tr>
              <th scope="col" className="num">
                {t('lines.line')}
              </th>
              <th scope="col">{t('lines.value')}</th>
              <th scope="col">{t('lines.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.line}>
                <td className="num muted">
                  <NumberText value={line.line} />
                </td>
                <td className="sets-wrap">
                  <bdi className="mono">{line.value}</bdi>
                </td>
                <td>
                  <ReasonText reason={line.reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="row wrap between">
        <span className="small muted">
          {total > lines.length ? `${t('lines.shown', { shown: lines.length, count: total })} ${more}` : t('lines.all', { count: total })}
        </span>
        <Button size="xs" leftSection={<DownloadIcon small />} loading={busy} onClick={() => void save()}>
          {t('lines.download')}
        </Button>
      </div>
    </div>
  );
}

const LOOKS = {
  not_found: ['failed', FailedIcon],
  duplicate: ['skipped', SkippedIcon],
  ambiguous: ['conflict', ConflictIcon],
} as const;

export function ReasonText({ reason }: { readonly reason: Reason }) {
  const { t } = useTranslation('sets');
  const [look, Drawn] = LOOKS[reason];
  return (
    <span className={`o ${look}`}>
      <Drawn />
      {t(`reason.${reason}`)}
    </span>
  );
}

/** Quoted, and never read as a formula by a spreadsheet. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
