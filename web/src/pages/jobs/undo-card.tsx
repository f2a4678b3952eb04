import { Button, NativeSelect, Radio, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Input, useApiMutation } from '../../api/index.ts';
import { Card, Notice, TextLink, UndoIcon } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { useJobAddress } from './job-address.ts';
import type { Report } from './job-page.tsx';
import { ledgerOf } from './letters-card.tsx';
import { UndoPreview } from './undo-preview.tsx';

type Choice = Input<'job.preview_undo'>;

/** The way back: the whole run, one change, or some users; looked at first, with what would stay as it is. */
export function UndoCard({ report }: { readonly report: Report }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const [{ undo }, put] = useJobAddress();
  const [users, setUsers] = useState('');
  const preview = useApiMutation('job.preview_undo');
  const { id, counts, changes, undone_by: undone } = report;
  const scope = typeof undo === 'number' ? 'change' : (undo ?? 'all');
  const listed = users.split(/[\s,;]+/).filter((each) => each !== '');
  const choice: Choice = {
    id,
    ...(typeof undo === 'number' ? { changes: [undo] } : {}),
    ...(scope === 'users' ? { users: listed } : {}),
  };
  const choose = (next: number | 'users' | undefined): void => put({ undo: next });
  const asked = JSON.stringify(choice);
  const { reset } = preview;
  // What was looked at is not what is chosen now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the choice is what it depends on
  useEffect(() => reset(), [asked, reset]);
  const { waiting } = ledgerOf(report);
  const nothing = counts.changed === 0 && (counts.conflict ?? 0) === 0;
  return (
    <Card id="undo" title={t('undo.title')}>
      <p className="t2">
        {nothing && report.kind !== 'edit'
          ? t('undo.nothing')
          : t('undo.text', { count: counts.changed, number: format.number(counts.changed) })}
      </p>
      {undone.map((each) => (
        <p key={each} className="small undo-before">
          <TextLink to="/jobs/$id" params={{ id: String(each) }}>
            {t('undo.before', { id: each })}
          </TextLink>
        </p>
      ))}
      {(!nothing || report.kind === 'edit') && (
        <>
          <Radio.Group
            label={t('undo.what')}
            value={scope}
            onChange={(value) => choose(value === 'all' ? undefined : value === 'users' ? 'users' : 1)}
            className="undo-what"
          >
            <div className="stackv tight">
              <Radio value="all" label={t('undo.all')} />
              {changes.length > 1 && <Radio value="change" label={t('undo.change')} />}
              <Radio value="users" label={t('undo.users')} />
            </div>
          </Radio.Group>
          {scope === 'change' && (
            <NativeSelect
              className="undo-more"
              label={t('undo.which')}
              value={String(undo)}
              onChange={({ currentTarget: { value } }) => choose(Number(value))}
              data={changes.map(({ words }, index) => ({ value: String(index + 1), label: words }))}
            />
          )}
          {scope === 'users' && (
            <Textarea
              className="undo-more"
              label={t('undo.who')}
              description={t('undo.who_hint')}
              value={users}
              onChange={({ currentTarget: { value } }) => setUsers(value)}
              autosize
              minRows={2}
              maxRows={8}
            />
          )}
          {preview.data === undefined && (
            <Button
              fullWidth
              variant="default"
              className="danger undo-more"
              leftSection={<UndoIcon />}
              loading={preview.isPending}
              disabled={scope === 'users' && listed.length === 0}
              onClick={() => preview.mutate({ ...choice, page: { limit: 0 } })}
            >
              {t('undo.preview')}
            </Button>
          )}
          {preview.error !== null && (
            <div className="undo-more">
              <Notice tone="fail" title={preview.error.message} live>
                <span className="mono small">{preview.error.code}</span>
              </Notice>
            </div>
          )}
          {preview.data !== undefined && (
            <UndoPreview key={asked} report={report} choice={choice} preview={preview.data} queued={scope === 'change' ? null : waiting} />
          )}
        </>
      )}
    </Card>
  );
}
