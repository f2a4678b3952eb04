import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invalidate, useApiMutation } from '../../api/index.ts';
import { Card, TextLink, toast } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { FilterShown } from '../../components/filter/filter-sentence.tsx';
import { nodeOf } from '../../components/filter/tree.ts';
import { useFound } from './from-filter.tsx';
import { Problem } from './problem.tsx';
import type { SetView } from './words.tsx';

interface FilterCardProps {
  readonly set: SetView;
  readonly where: string;
  readonly tag: string | null;
  readonly mine: boolean;
}

/** The filter of a logical set; who owns the set tries another one here, sees whom it finds, and saves it. */
export function FilterCard({ set, where, tag, mine }: FilterCardProps) {
  const { t } = useTranslation(['sets', 'common']);
  const can = useCan();
  const client = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const editing = draft !== null;
  const wanted = draft ?? where;
  const found = useFound(editing && can('users:read') ? wanted : '');
  const save = useApiMutation('set.update', { invalidates: ['set.list', 'set.show', 'set.members'] });
  const wrong = found.error?.code.startsWith('filters.') === true ? found.error.message : null;
  const submit = (): void =>
    save.mutate(
      { set: set.id, where: wanted, ...(tag === null ? {} : { match: tag }) },
      {
        onSuccess: () => {
          setDraft(null);
          toast(t('filter.saved'), () => {
            // Back to the filter of before; the tag is another by now.
            save.mutate({ set: set.id, where });
          });
        },
      },
    );
  const total = found.data?.total ?? null;
  return (
    <Card
      title={t('filter.title')}
      right={
        !editing && (
          <>
            {can('users:read') && (
              <TextLink to="/users" search={{ where }}>
                {t('open_list')}
              </TextLink>
            )}
            {mine && can('users:read') && (
              <Button size="xs" onClick={() => setDraft(where)}>
                {t('filter.edit')}
              </Button>
            )}
          </>
        )
      }
    >
      {editing ? (
        <div className="stackv">
          <FilterBar filter={wrong === null ? nodeOf(found.data?.filter) : null} where={wanted} problem={wrong} onChange={setDraft} />
          {save.error !== null && (
            <Problem problem={save.error} onReload={() => void invalidate(client, 'set.show').then(() => save.reset())} />
          )}
          <div className="row wrap">
            <Button
              variant="filled"
              loading={save.isPending}
              disabled={wanted === '' || wanted === where || wrong !== null}
              onClick={submit}
            >
              {t('filter.save')}
            </Button>
            <Button
              variant="subtle"
              onClick={() => {
                save.reset();
                setDraft(null);
              }}
            >
              {t('common:action.cancel')}
            </Button>
            <span className="muted" role="status">
              {total === null ? '' : t('filter.would', { count: total, now: set.members ?? 0 })}
            </span>
          </div>
        </div>
      ) : (
        <FilterShown filter={set.filter} where={where} />
      )}
    </Card>
  );
}
