import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { Answer, Card, Guard, GuardedConfirm, LoadingPage, Notice, toast } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';
import { useAct } from '../parts/rows.ts';
import type { FeedFile } from './files-card.tsx';
import { type Counts, LoadReport } from './load-report.tsx';
import { MOVED } from './moved.ts';

const SHOWN = 50;

/** A file that waits for a person: what it would do now, and the decision. */
export function HeldFile({ file, counts }: { readonly file: FeedFile; readonly counts: Counts }) {
  const { t } = useTranslation('admin-feeds');
  const { number } = useFormat();
  const looked = useApi('feed.preview_held', { id: file.id, limit: SHOWN }, { staleTime: 60_000 });
  const { touched, of, share } = counts.guard;
  const now = looked.data?.guard.touched;
  return (
    <>
      <Notice tone="warn" title={t('guard_title', { touched: number(touched), of: number(of), share: number(share) })}>
        {t('guard_text')}
      </Notice>
      {now !== undefined && now !== touched && (
        <Notice tone="info" title={t('moved', { now: number(now), before: number(touched) })}>
          {t('moved_text')}
        </Notice>
      )}
      <Decide file={file} touched={touched} />
      {looked.data === undefined ? (
        <Card>
          <Answer of={looked} loading={<LoadingPage />}>
            {() => null}
          </Answer>
        </Card>
      ) : (
        <LoadReport counts={looked.data} users={looked.data.users} rejections={looked.data.rejections} run={null} done={false} />
      )}
    </>
  );
}

function Decide({ file: { id, name }, touched }: { readonly file: FeedFile; readonly touched: number }) {
  const { t } = useTranslation('admin-feeds');
  const { number } = useFormat();
  const act = useAct(...MOVED);
  const [leaving, setLeaving] = useState(false);
  return (
    <Card title={t('decide_title')}>
      <div className="stackv">
        <p className="t2">{t('decide_text')}</p>
        <Guard
          count={touched}
          typed
          label={t('decide_load', { count: touched })}
          ask={t('decide_type', { number: number(touched) })}
          onConfirm={async () => {
            const { state, state_text: words } = await act('feed.confirm', { id, users: touched });
            toast(state === 'loaded' ? t('loaded', { name }) : words);
          }}
        >
          <Button className="danger" onClick={() => setLeaving(true)}>
            {t('discard')}
          </Button>
        </Guard>
      </div>
      <GuardedConfirm
        opened={leaving}
        onClose={() => setLeaving(false)}
        title={t('discard_title', { name })}
        count={1}
        typed={false}
        danger
        label={t('discard')}
        onConfirm={async () => {
          await act('feed.discard', { id });
          toast(t('discarded', { name }));
        }}
      >
        <p className="t2">{t('discard_text')}</p>
      </GuardedConfirm>
    </Card>
  );
}
