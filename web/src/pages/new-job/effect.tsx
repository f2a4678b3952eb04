import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Card,
  ChevronLeftIcon,
  ChevronRightIcon,
  LoadingRows,
  Notice,
  NumberText,
  OUTCOMES,
  OutcomeBar,
  OutcomeIcon,
  TextLink,
} from '../../components/index.ts';
import { DifferenceLines, type PreviewedUser, useDifferences } from './differences.tsx';
import { useJob } from './job.ts';

/** How many of the set's users would change: counted on the whole set, while one edits. */
export function Effect() {
  const { t } = useTranslation(['new-job', 'common']);
  const { preview, counting, problem, retry, ready, draft } = useJob();
  return (
    <Card
      title={t('effect.title')}
      right={
        ready && (
          <span className="badge plain" role="status">
            {counting ? t('effect.counting') : t('effect.live')}
          </span>
        )
      }
      className="nj-effect"
    >
      {problem !== null ? (
        <Notice
          tone="fail"
          title={t('effect.problem')}
          actions={
            <button type="button" onClick={retry}>
              {t('common:state.retry')}
            </button>
          }
          live
        >
          <p>{problem.message}</p>
          <p className="mono small">{problem.code}</p>
        </Notice>
      ) : !ready ? (
        <p className="muted">{draft.changes.length === 0 ? t('effect.nothing_yet') : t('effect.incomplete')}</p>
      ) : preview === undefined ? (
        <LoadingRows rows={4} />
      ) : (
        <>
          <p className="nj-hero">
            <NumberText value={preview.changed} />
          </p>
          <p className="t2">{t('effect.of', { count: preview.members })}</p>
          <div className="nj-hero-bar">
            <OutcomeBar counts={preview} size="lg" />
          </div>
          <dl className="nj-counts">
            {OUTCOMES.filter((name) => name !== 'conflict' && (name !== 'failed' || preview.failed > 0)).map((name) => (
              <div key={name}>
                <dt>
                  <OutcomeIcon outcome={name} />
                </dt>
                <dd>
                  <NumberText value={name === 'conflict' ? 0 : preview[name]} />
                </dd>
              </div>
            ))}
            <div className="nj-sum">
              <dt>{t('effect.members')}</dt>
              <dd>
                <NumberText value={preview.members} />
              </dd>
            </div>
          </dl>
          <p className="small muted">{t('effect.whole')}</p>
        </>
      )}
    </Card>
  );
}

/** One after another of those who would change. */
export function Example() {
  const { t } = useTranslation('new-job');
  const { preview } = useJob();
  const differences = useDifferences();
  const [at, setAt] = useState(0);
  const users: readonly PreviewedUser[] = preview?.users ?? [];
  const user = users[Math.min(at, users.length - 1)];
  if (user === undefined) return null;
  const place = users.indexOf(user);
  return (
    <Card
      title={t('example.title')}
      right={
        <>
          <button
            type="button"
            className="btn sub sm icon"
            disabled={place <= 0}
            aria-label={t('example.previous')}
            onClick={() => setAt(place - 1)}
          >
            <ChevronLeftIcon small />
          </button>
          <button
            type="button"
            className="btn sub sm icon"
            disabled={place >= users.length - 1}
            aria-label={t('example.next')}
            onClick={() => setAt(place + 1)}
          >
            <ChevronRightIcon small />
          </button>
        </>
      }
    >
      <p className="nj-example-name">
        <TextLink to="/users/$id" params={{ id: user.primary_id }}>
          <bdi>{user.name === '' ? user.primary_id : user.name}</bdi>
        </TextLink>{' '}
        <bdi className="muted">{user.primary_id}</bdi>
      </p>
      <DifferenceLines items={differences(user)} most={6} />
    </Card>
  );
}
