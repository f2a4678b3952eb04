/** Sets in words. */
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import { FilterIcon, JobIcon, KeyIcon, UsersIcon } from '../../components/index.ts';
import { useSession } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { OUTCOMES_OF_RUNS } from './routes.ts';

export type SetView = Output<'set.show'>;
export type Member = Output<'set.members'>['members'][number];

export function KindBadge({ kind }: { readonly kind: SetView['kind'] }) {
  const { t } = useTranslation('sets');
  return (
    <span className="badge">
      {kind === 'logical' ? <FilterIcon small /> : <JobIcon small />}
      {t(`kind.${kind}`)}
    </span>
  );
}

export function VisibilityBadge({ hidden }: { readonly hidden: boolean }) {
  const { t } = useTranslation('sets');
  return (
    <span className="badge outline">
      {hidden ? <KeyIcon small /> : <UsersIcon small />}
      {t(hidden ? 'private' : 'public')}
    </span>
  );
}

/** What a set was made from, as part of a sentence: "from the file people.csv". */
export function useOrigin(): (source: SetView['source']) => string {
  const { t } = useTranslation('sets');
  const { number } = useFormat();
  return (source) => {
    if (source === null) return t('origin.unknown');
    switch (source.from) {
      case 'file':
        return t('origin.file', { what: source.what });
      case 'ids':
        return t('origin.ids', { count: Number(source.what), number: number(Number(source.what)) });
      case 'filter':
        return t('origin.filter');
      case 'set':
        return t('origin.set', { what: source.what });
      case 'combine':
        return t('origin.combine', {
          what: source.what.replace(/ (AND|OR|NOT|XOR) /g, (_, word: string) => ` ${t(`joint.${word}` as 'joint.AND')} `),
        });
      case 'run': {
        const [run, word] = source.what.split(' ');
        const outcome = OUTCOMES_OF_RUNS.find((each) => each === word);
        return outcome === undefined ? t('origin.run_plain', { what: source.what }) : t(`origin.run_${outcome}`, { run });
      }
    }
  };
}

/** Only who owns a set changes it. */
export function useOwns(): (set: Pick<SetView, 'owner'>) => boolean {
  const { user } = useSession();
  return ({ owner }) => owner === user.primary_id && user.privileges.includes('sets:write');
}

export function useOwnerName(): (set: Pick<SetView, 'owner'>) => string {
  const { t } = useTranslation('sets');
  const { user } = useSession();
  return ({ owner }) => (owner === user.primary_id ? t('you') : owner === 'administrator' ? t('administrator') : owner);
}
