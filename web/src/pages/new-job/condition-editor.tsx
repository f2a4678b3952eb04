import { Select, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Condition, filterText } from './condition.ts';
import type { DraftChange } from './draft.ts';
import { FilterBuilder, newRow } from './filter-builder.tsx';
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
    'filter',
    'text',
  ];
  const choose = (next: string | null): void => {
    const wanted = kinds.find((each) => each === next) ?? 'always';
    if (wanted === condition.kind) return;
    if (wanted === 'filter') onChange({ kind: 'filter', rows: [newRow()], any: false });
    else if (wanted === 'text')
      onChange({ kind: 'text', text: condition.kind === 'filter' ? filterText(condition.rows, condition.any) : '' });
    else onChange({ kind: wanted });
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
      {condition.kind === 'filter' && (
        <>
          <FilterBuilder rows={condition.rows} any={condition.any} onChange={(rows, any) => onChange({ kind: 'filter', rows, any })} />
          <FilterLine text={filterText(condition.rows, condition.any)} />
        </>
      )}
      {condition.kind === 'text' && (
        <Textarea
          aria-label={t('filter.text')}
          className="mono"
          autosize
          minRows={2}
          value={condition.text}
          placeholder={t('filter.text_hint')}
          onChange={(event) => onChange({ kind: 'text', text: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

/** The same as text, smaller. */
export function FilterLine({ text }: { readonly text: string }) {
  return text === '' ? null : <p className="ftext mono small nj-wrap">{text}</p>;
}
