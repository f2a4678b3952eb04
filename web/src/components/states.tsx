/** What a page shows when there is nothing to show: each says why, and what can be done. */
import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, UNREACHABLE } from '../api/index.ts';
import { FailedIcon, type Icon, RefreshIcon, SearchIcon, SetIcon, ShieldIcon } from './icons.tsx';

interface StateProps {
  readonly icon: Icon;
  readonly title: ReactNode;
  readonly text?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: 'fail';
  readonly detail?: ReactNode;
}

function State({ icon: Drawn, title, text, actions, tone, detail }: StateProps) {
  return (
    <div className={tone === undefined ? 'state' : `state ${tone}`} role={tone === 'fail' ? 'alert' : undefined}>
      <span className="state-icon">
        <Drawn large />
      </span>
      <p className="state-title">{title}</p>
      {text !== undefined && <p className="state-text">{text}</p>}
      {actions !== undefined && <div className="state-acts">{actions}</div>}
      {detail !== undefined && <p className="state-detail mono">{detail}</p>}
    </div>
  );
}

/** There is none of it yet: says what it is for, and offers the first step. */
export function EmptyState({
  icon = SetIcon,
  ...rest
}: {
  readonly icon?: Icon;
  readonly title: ReactNode;
  readonly text?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return <State icon={icon} {...rest} />;
}

/** There are some, but none that match. */
export function NoMatch({ text, onClear }: { readonly text?: ReactNode; readonly onClear?: () => void }) {
  const { t } = useTranslation();
  return (
    <State
      icon={SearchIcon}
      title={t('state.no_match')}
      text={text ?? t('state.no_match_text')}
      {...(onClear === undefined ? {} : { actions: <Button onClick={onClear}>{t('state.clear')}</Button> })}
    />
  );
}

/** The person may not see it: says which right it needs. */
export function NoPermission({ privilege }: { readonly privilege?: string }) {
  const { t } = useTranslation();
  return (
    <State
      icon={ShieldIcon}
      title={t('state.no_permission')}
      text={t('state.no_permission_text')}
      {...(privilege === undefined ? {} : { detail: privilege })}
    />
  );
}

/** What went wrong, in the server's words; the code in small type, for whoever helps. */
export function ErrorState({ problem, onRetry }: { readonly problem: AppProblem; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  if (problem.status === 403) return <NoPermission privilege={String(problem.params['privilege'] ?? problem.code)} />;
  const away = problem.code === UNREACHABLE;
  const said = away ? t('state.unreachable_text') : problem.code.startsWith('web.') ? t('state.internal_text') : problem.message;
  return (
    <State
      tone="fail"
      icon={FailedIcon}
      title={away ? t('state.unreachable') : t('state.error')}
      text={said}
      detail={[problem.code, problem.requestId].filter((part) => part !== null).join(' · ')}
      {...(onRetry === undefined
        ? {}
        : {
            actions: (
              <Button leftSection={<RefreshIcon />} onClick={onRetry}>
                {t('state.retry')}
              </Button>
            ),
          })}
    />
  );
}

/** Rows that are on their way, as tall as they will be. */
export function LoadingRows({ rows = 6 }: { readonly rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className="state-rows" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <Skeleton key={row} height={12} width={`${88 - ((row * 17) % 40)}%`} radius={4} />
      ))}
    </div>
  );
}

/** A whole page on its way. */
export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('state.loading')} className="stackv">
      <Skeleton height={24} width={220} radius={6} />
      <Skeleton height={160} radius={12} />
      <Skeleton height={240} radius={12} />
    </div>
  );
}

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: AppProblem | null;
  refetch(): unknown;
}

/** An answer once it is there; until then rows on their way, or what went wrong. */
export function Answer<T>({
  of: asked,
  loading,
  children,
}: {
  readonly of: Asked<T>;
  readonly loading?: ReactNode;
  readonly children: (data: T) => ReactNode;
}) {
  if (asked.data !== undefined) return children(asked.data);
  if (asked.error !== null) return <ErrorState problem={asked.error} onRetry={() => void asked.refetch()} />;
  return loading ?? <LoadingRows />;
}
