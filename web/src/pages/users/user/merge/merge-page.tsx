import './merge.css';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invalidate, type Output, useApi } from '../../../../api/index.ts';
import { Answer, Card, LoadingPage, Notice, Page, toast, TextLink } from '../../../../components/index.ts';
import { nameOf } from '../record.ts';
import { ChooseOther } from './choose-other.tsx';
import { ConfirmMerge } from './confirm-merge.tsx';
import { MergedFields } from './merged-fields.tsx';
import { MergedRows } from './merged-rows.tsx';

/** Two records of one person: which, what comes of them, and the step itself. */
export function MergePage() {
  const { t } = useTranslation('merge');
  const { id } = useParams({ from: '/users/$id/merge' });
  const { other, swapped = false } = useSearch({ from: '/users/$id/merge' });
  const go = useNavigate();
  const record = useApi('users.record', { user: id });
  const name = record.data === undefined ? id : nameOf(record.data);
  const own = record.data?.primary_id ?? id;
  const look = (search: { readonly other?: string; readonly swapped?: true }) =>
    void go({ to: '/users/$id/merge', params: { id }, search, replace: true });
  return (
    <Page title={t('title', { name })} sub={t('sub')} crumbs={[{ label: name, to: `/users/${encodeURIComponent(id)}` }]}>
      <Answer of={record} loading={<LoadingPage />}>
        {() =>
          other === undefined ? (
            <ChooseOther user={own} name={name} onChoose={(chosen) => look({ other: chosen, ...(swapped ? { swapped } : {}) })} />
          ) : (
            <Comparison
              key={`${own} ${other} ${String(swapped)}`}
              keep={swapped ? other : own}
              giveUp={swapped ? own : other}
              onSwap={() => look(swapped ? { other } : { other, swapped: true })}
              onOther={() => look({})}
            />
          )
        }
      </Answer>
    </Page>
  );
}

interface ComparisonProps {
  readonly keep: string;
  readonly giveUp: string;
  readonly onSwap: () => void;
  readonly onOther: () => void;
}

function Comparison({ keep, giveUp, onSwap, onOther }: ComparisonProps) {
  const { t } = useTranslation('merge');
  const go = useNavigate();
  const client = useQueryClient();
  const [choices, setChoices] = useState<Readonly<Record<string, 'keep' | 'give_up'>>>({});
  const [confirming, setConfirming] = useState(false);
  const preview = useApi('user.preview_merge', { keep, give_up: giveUp, choices: { ...choices } }, { keepPrevious: true, staleTime: 0 });
  const ways = (
    <>
      <button type="button" className="btn" onClick={onSwap}>
        {t('swap')}
      </button>
      <button type="button" className="btn" onClick={onOther}>
        {t('other')}
      </button>
    </>
  );
  if (preview.error !== null) {
    return (
      <div className="stackv">
        <Notice tone="fail" title={t('refused')} live>
          {preview.error.message}
        </Notice>
        <div className="row wrap">{ways}</div>
      </div>
    );
  }
  return (
    <Answer of={preview} loading={<LoadingPage />}>
      {(shown) => (
        <div className="stackv">
          <div className="merge-sides">
            <Side side={shown.keep} title={t('kept')} />
            <Side side={shown.give_up} title={t('given_up')} />
          </div>
          <div className="row wrap">{ways}</div>
          {shown.warnings.map(({ code, text }) => (
            <Notice key={code} tone="warn" title={text} />
          ))}
          <MergedFields
            fields={shown.fields}
            keep={shown.keep.primary_id}
            giveUp={shown.give_up.primary_id}
            choices={choices}
            onChoose={(field, side) => setChoices({ ...choices, [field]: side })}
          />
          <MergedRows rows={shown.rows} former={shown.give_up.primary_id} />
          <Card title={t('with')}>
            <Holdings holdings={shown.holdings} />
          </Card>
          <div className="row wrap">
            <Button variant="filled" onClick={() => setConfirming(true)} disabled={preview.isFetching}>
              {t('button', { keep: shown.keep.primary_id, giveUp: shown.give_up.primary_id })}
            </Button>
          </div>
          {confirming && (
            <ConfirmMerge
              pair={{
                keep: shown.keep.primary_id,
                giveUp: shown.give_up.primary_id,
                choices,
                tags: { keep: shown.keep.tag, give_up: shown.give_up.tag },
              }}
              onClose={() => setConfirming(false)}
              onDone={() => {
                toast(t('done', { keep: shown.keep.primary_id, giveUp: shown.give_up.primary_id }));
                client.removeQueries({ queryKey: ['users.record'] });
                void invalidate(client, 'users.list', 'users.history', 'users.messages', 'users.search');
                void go({ to: '/users/$id', params: { id: shown.keep.primary_id } });
              }}
            />
          )}
        </div>
      )}
    </Answer>
  );
}

function Side({ side, title }: { readonly side: Output<'user.preview_merge'>['keep']; readonly title: string }) {
  return (
    <Card title={title}>
      <p className="merge-side">
        <TextLink to="/users/$id" params={{ id: side.primary_id }}>
          <bdi>{side.full_name === '' ? side.primary_id : side.full_name}</bdi>
        </TextLink>
        <span className="mono t2">{side.primary_id}</span>
      </p>
    </Card>
  );
}

const HOLDINGS = ['sets', 'circulation', 'proxies', 'letters', 'messages', 'history'] as const;

function Holdings({ holdings }: { readonly holdings: Output<'user.preview_merge'>['holdings'] }) {
  const { t } = useTranslation('merge');
  const some = HOLDINGS.filter((name) => holdings[name] > 0);
  if (some.length === 0) return <p className="t2">{t('nothing')}</p>;
  return (
    <ul className="merge-with">
      {some.map((name) => (
        <li key={name}>{t(name, { count: holdings[name] })}</li>
      ))}
    </ul>
  );
}
