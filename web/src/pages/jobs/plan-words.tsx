import { useTranslation } from 'react-i18next';
import { useChangeCatalogue } from '../../api/index.ts';

interface Planned {
  readonly changes: readonly { readonly change: string }[];
  readonly notify?: { readonly type: string } | undefined;
}

/** A plan as it reads in a list: "2 changes, 1 letter", and which; the whole stands where it is made. */
export function PlanWords({ plan }: { readonly plan: Planned }) {
  const { t } = useTranslation('jobs');
  const catalogue = useChangeCatalogue();
  const label = (kind: string): string => catalogue.data?.changes.find(({ change }) => change === kind)?.label ?? kind;
  const { changes, notify } = plan;
  const kinds = [...new Set(changes.map(({ change }) => label(change)))];
  const said = [
    ...(changes.length > 0 ? [t('plan.changes', { count: changes.length })] : []),
    ...(notify === undefined ? [] : [t('plan.letter')]),
  ];
  return (
    <span>
      {said.join(', ')}
      <span className="block small muted">{[...kinds, ...(notify === undefined ? [] : [notify.type])].join(' · ')}</span>
    </span>
  );
}
