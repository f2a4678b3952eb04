import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, FilterIcon, NoMatch, TextLink } from '../../components/index.ts';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { nodeOf } from '../../components/filter/tree.ts';
import type { NewSetSearch } from './routes.ts';
import { type Kind, KindChoice, SetForm } from './set-form.tsx';
import { SomeUsers } from './some-users.tsx';

const SHOWN = 6;

/** By a filter: clicked together or written, with the number that it finds. */
export function FromFilter() {
  const { t } = useTranslation('sets');
  const go = useNavigate();
  const search: NewSetSearch = useSearch({ from: '/sets/new' });
  const [kind, setKind] = useState<Kind>('logical');
  const where = search.where ?? '';
  const found = useFound(where);
  const wrong = found.error?.code.startsWith('filters.') === true ? found.error.message : null;
  const total = where === '' || found.isError ? null : (found.data?.total ?? null);
  return (
    <div className="grid sets-two">
      <div className="stackv">
        <Card title={t('filter.title')}>
          <FilterBar
            filter={where === '' || wrong !== null ? null : nodeOf(found.data?.filter)}
            where={where}
            problem={wrong}
            onChange={(next) => {
              const { where: _, ...rest } = search;
              void go({ to: '/sets/new', search: next === '' ? rest : { ...rest, where: next }, replace: true });
            }}
          />
        </Card>
        <Card
          flush
          title={total === null ? t('filter.found') : t('some_of', { count: total })}
          right={
            where !== '' &&
            wrong === null && (
              <TextLink to="/users" search={{ where }}>
                {t('open_list')}
              </TextLink>
            )
          }
        >
          {where === '' ? (
            <EmptyState icon={FilterIcon} title={t('filter.none')} text={t('filter.none_text')} />
          ) : wrong !== null ? (
            <EmptyState icon={FilterIcon} title={t('filter.wrong')} text={wrong} />
          ) : (
            <Answer of={found}>
              {({ users }) =>
                users.length === 0 ? (
                  <NoMatch text={t('filter.nobody')} />
                ) : (
                  <SomeUsers
                    label={t('filter.found')}
                    users={users.map((user) => ({
                      ...user,
                      group: user.labels['user_group'] ?? textOf(user.values['user_group']),
                      expiry_date: textOf(user.values['expiry_date']),
                    }))}
                  />
                )
              }
            </Answer>
          )}
        </Card>
      </div>
      <SetForm
        count={total}
        blocked={where === '' || wrong !== null}
        onMake={(words) => api('set.create', { ...words, where, itemize: kind === 'itemized' })}
        kind={
          <KindChoice value={kind} onChange={setKind} texts={{ itemized: t('kind.itemized_filter'), logical: t('kind.logical_filter') }} />
        }
      />
    </div>
  );
}

/** Whom a filter finds: how many, and a handful of them. */
export function useFound(where: string) {
  return useApi(
    'users.list',
    { where, limit: SHOWN, count: true, columns: ['user_group', 'expiry_date'] },
    { enabled: where !== '', keepPrevious: true },
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
