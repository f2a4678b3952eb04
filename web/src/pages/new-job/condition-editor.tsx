import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { FilterSentence } from '../../components/filter/filter-sentence.tsx';
import { nodeOf } from '../../components/filter/tree.ts';
import type { Condition } from './condition.ts';
import type { DraftChange } from './draft.ts';
import { type KindOfChange, modeOf, shapeOf } from './kinds.ts';
import { useFields } from './words.tsx';

interface ConditionEditorProps {
  readonly kind: KindOfChange;
  readonly change: DraftChange;
  readonly onChange: (condition: Condition) => void;
}

/** For which of the users the change is meant. Conditions read the record as it is before the job. */
export function ConditionEditor({ kind, change, onChange }: ConditionEditorProps) {
  const { t } = useTranslation('new-job');
  const field = useFields().field(kind.change);
  const { condition } = change;
  const dated = field?.type === 'date' && modeOf(change.input) === 'set';
  const kinds: readonly Condition['kind'][] = [
    'always',
    ...(dated ? (['earlier', 'later'] as const) : []),
    ...(shapeOf(kind) === 'plain' ? [] : (['if_not_empty', 'if_empty'] as const)),
    'text',
  ];
  const choose = (next: string | null): void => {
    const wanted = kinds.find((each) => each === next) ?? 'always';
    if (wanted !== condition.kind) onChange(wanted === 'text' ? { kind: 'text', text: '' } : { kind: wanted });
  };
  return (
    <div className="stackv tight">
      <Select
        label={t('condition.label')}
        data={kinds.map((each) => ({ value: each, label: t(`condition.option.${each}`) }))}
        value={condition.kind}
        onChange={choose}
        allowDeselect={false}
      />
      {condition.kind === 'text' && <FilterField where={condition.text} onChange={(text) => onChange({ kind: 'text', text })} />}
    </div>
  );
}

interface FilterFieldProps {
  readonly where: string;
  readonly onChange: (where: string) => void;
}

/** A filter clicked together or written; what a text means the server says. */
export function FilterField({ where, onChange }: FilterFieldProps) {
  const read = useRead(where);
  const wrong = read.error?.code.startsWith('filters.') === true ? read.error.message : null;
  return (
    <FilterBar
      filter={where === '' || wrong !== null ? null : nodeOf(read.data?.filter)}
      where={where}
      problem={wrong}
      onChange={onChange}
    />
  );
}

/** A filter that is there as text only, in words. */
export function FilterRead({ where }: { readonly where: string }) {
  return <FilterSentence filter={useRead(where).data?.filter} where={where} />;
}

function useRead(where: string) {
  return useApi('users.list', { where, limit: 0 }, { enabled: where !== '', keepPrevious: true });
}
