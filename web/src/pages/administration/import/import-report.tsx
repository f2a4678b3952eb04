import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../api/index.ts';
import {
  ButtonLink,
  Card,
  ChangedIcon,
  type Column,
  DataTable,
  JobIcon,
  KeyFigure,
  NoMatch,
  Notice,
  NumberText,
  OutcomeBar,
  type Rows,
} from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';

type Report = Output<'users.import'>;
type Refused = Report['errors'][number];

/** What an import would do, or has done: counts that add up, and each record that was left out with its line and the rule. */
export function ImportReport({ report }: { readonly report: Report }) {
  const { t } = useTranslation('admin-system');
  const can = useCan();
  const { dry_run: dry, created, updated, unchanged, skipped, rejected, errors, warnings } = report;
  const total = created + updated + unchanged + skipped + rejected;
  return (
    <>
      <Card
        title={t(dry ? 'report_would' : 'report_did')}
        count={<NumberText value={total} />}
        right={
          report.run_id !== null &&
          can('jobs:read') && (
            <ButtonLink icon={JobIcon} small to="/jobs/$id" params={{ id: String(report.run_id) }}>
              {t('report_run', { id: report.run_id })}
            </ButtonLink>
          )
        }
      >
        <div className="stackv">
          {!dry && (
            <Notice tone="info" icon={ChangedIcon} title={t('report_done', { count: created + updated })} live>
              {t('report_done_text')}
            </Notice>
          )}
          <OutcomeBar
            size="lg"
            counts={{ changed: created + updated, unchanged, skipped, failed: rejected }}
            words={{ changed: t('report_written'), skipped: t('report_skipped'), failed: t('report_rejected') }}
          />
          <div className="stats">
            <KeyFigure label={t(dry ? 'report_create' : 'report_created')} value={created} />
            <KeyFigure label={t(dry ? 'report_update' : 'report_updated')} value={updated} />
            <KeyFigure label={t('report_unchanged')} value={unchanged} />
            {skipped > 0 && <KeyFigure label={t('report_skipped')} value={skipped} />}
            <KeyFigure label={t('report_rejected')} value={rejected} />
            <KeyFigure
              label={t(dry ? 'report_roles' : 'report_roles_given')}
              value={report.roles_given}
              detail={t('report_roles_detail')}
            />
            {report.codes_added > 0 && <KeyFigure label={t('report_codes')} value={report.codes_added} />}
          </div>
          {warnings.map((warning) => (
            <Notice key={`${warning.code} ${warning.field}`} tone="warn" title={warning.message}>
              <span className="mono small">
                {warning.field} · {warning.code}
              </span>
            </Notice>
          ))}
        </div>
      </Card>
      {errors.length > 0 && <Rejected errors={errors} rejected={rejected} />}
    </>
  );
}

function Rejected({ errors, rejected }: { readonly errors: readonly Refused[]; readonly rejected: number }) {
  const { t } = useTranslation('admin-system');
  const rows = useMemo<Rows<Refused>>(
    () => ({
      rows: errors,
      total: errors.length,
      loading: false,
      problem: null,
      more: false,
      loadMore: () => undefined,
      retry: () => undefined,
    }),
    [errors],
  );
  const columns: readonly Column<Refused>[] = [
    { id: 'line', label: t('rejected_line'), number: true, width: '90px', cell: ({ line }) => <NumberText value={line} /> },
    { id: 'message', label: t('rejected_why'), title: true, wraps: true, cell: ({ message }) => message },
    { id: 'field', label: t('rejected_field'), cell: ({ field }) => <span className="mono small">{field}</span> },
    { id: 'code', label: t('rejected_rule'), cell: ({ code }) => <span className="mono small muted">{code}</span> },
  ];
  return (
    <Card flush title={t('rejected_title')} count={<NumberText value={rejected} />} sub={t('rejected_sub')}>
      <DataTable
        label={t('rejected_title')}
        columns={columns}
        rows={rows}
        rowId={({ line, field, code }) => `${line} ${field} ${code}`}
        empty={<NoMatch />}
      />
    </Card>
  );
}
