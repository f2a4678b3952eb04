import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, useApi } from '../../api/index.ts';
import { Answer, Card } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { FileParts } from './file-parts.tsx';
import { type Line, LineTable } from './line-table.tsx';
import { REASONS, type SetSearch } from './routes.ts';
import type { SetView } from './words.tsx';

const SHOWN = 200;
const AT_ONCE = 1_000;

/** What the set's last list of identifiers brought nobody for. */
export function LinesCard({ set }: { readonly set: SetView }) {
  const { t } = useTranslation('sets');
  const format = useFormat();
  const go = useNavigate();
  const search: SetSearch = useSearch({ from: '/sets/$id' });
  const { source } = set;
  const counts = { not_found: source?.not_found ?? 0, duplicate: source?.duplicates ?? 0, ambiguous: source?.ambiguous ?? 0 };
  const all = counts.not_found + counts.duplicate + counts.ambiguous;
  const reason = search.lines;
  const page = useApi(
    'set.file_lines',
    { set: set.id, limit: SHOWN, ...(reason === undefined ? {} : { reason }) },
    { enabled: all > 0, keepPrevious: true },
  );
  if (all === 0 || source === null) return null;
  const load = async (): Promise<readonly Line[]> => {
    const lines: Line[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const next: { readonly lines: readonly Line[]; readonly next: number | null } = await api('set.file_lines', {
        set: set.id,
        limit: AT_ONCE,
        after,
        ...(reason === undefined ? {} : { reason }),
      });
      lines.push(...next.lines);
      after = next.next;
    }
    return lines;
  };
  const first = source.from === 'file' ? t('lines.of_file', { file: source.what }) : t('lines.of_list');
  return (
    <Card title={t('lines.title')} sub={first}>
      <div className="stackv">
        <FileParts
          made
          counts={{ members: set.members ?? 0, not_found: counts.not_found, duplicates: counts.duplicate, ambiguous: counts.ambiguous }}
        />
        <SegmentedControl
          className="sets-left"
          aria-label={t('lines.reason')}
          value={reason ?? 'all'}
          onChange={(next) => {
            const { lines: _, ...rest } = search;
            const chosen = REASONS.find((each) => each === next);
            void go({
              to: '/sets/$id',
              params: { id: String(set.id) },
              search: chosen === undefined ? rest : { ...rest, lines: chosen },
              replace: true,
            });
          }}
          data={[
            { value: 'all', label: `${t('lines.every')} ${format.number(all)}` },
            ...REASONS.filter((each) => counts[each] > 0).map((value) => ({
              value,
              label: `${t(`reason.${value}`)} ${format.number(counts[value])}`,
            })),
          ]}
        />
        <Answer of={page}>
          {({ lines }) => (
            <LineTable
              lines={lines}
              total={reason === undefined ? all : counts[reason]}
              name={set.name}
              more={t('lines.more')}
              load={load}
            />
          )}
        </Answer>
      </div>
    </Card>
  );
}
