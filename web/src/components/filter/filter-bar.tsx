/** A filter: pills that read as a sentence, and the same as text. */
import './filter.css';
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/index.ts';
import { type FilterPill, PlusIcon, SentenceFilter, toastProblem } from '../index.ts';
import { ConditionForm } from './condition-form.tsx';
import { FilterText } from './filter-text.tsx';
import { conditionOf, type Joint, jointOf, NEW_CONDITION, type Node, nodeOfCondition, ofParts, partsOf, startOf } from './tree.ts';
import { useFilterWords, whole } from './words.ts';

interface FilterBarProps {
  /** As the server read it; null without one, or while the text is wrong. */
  readonly filter: Node | null;
  readonly where: string;
  readonly onChange: (where: string) => void;
  /** What the server said of the text. */
  readonly problem: string | null;
}

/** Which pill is open: its number, `new`, or none. */
type Open = number | 'new' | null;

export function FilterBar({ filter, where, onChange, problem }: FilterBarProps) {
  const { t } = useTranslation('filter');
  const words = useFilterWords(filter);
  const [open, setOpen] = useState<Open>(null);
  const parts = partsOf(filter);
  const joint = jointOf(filter);
  const other = joint === 'and' ? 'or' : 'and';
  const put = (next: readonly Node[], by: Joint = joint): void => {
    setOpen(null);
    const tree = ofParts(next, by);
    if (tree === null) {
      onChange('');
      return;
    }
    // How a filter is written is the server's to say.
    api('users.list', { filter: tree, limit: 0 }).then((read) => onChange(read.where ?? ''), toastProblem);
  };
  const pills = parts.map((part, index): FilterPill => {
    const said = words.say(part);
    const condition = conditionOf(part);
    return {
      key: `${index} ${JSON.stringify(part)}`,
      text: said.text,
      ...(said.value === undefined ? {} : { value: <bdi>{said.value}</bdi> }),
      label: whole(said),
      ...(condition === null ? {} : { onEdit: () => setOpen(index) }),
      onRemove: () => put(parts.filter((_, at) => at !== index)),
    };
  });
  const first = typeof open === 'number' ? (conditionOf(parts[open] ?? { everyone: true }) ?? NEW_CONDITION) : NEW_CONDITION;
  return (
    <div className="stackv tight">
      <SentenceFilter
        start={t(startOf(parts))}
        pills={pills}
        joint={
          <button type="button" className="joint" title={t(`join_${other}`)} onClick={() => put(parts, other)}>
            {t(joint)}
          </button>
        }
      >
        <Popover
          opened={open !== null}
          onChange={(next) => !next && setOpen(null)}
          position="bottom-start"
          width={320}
          trapFocus
          returnFocus
        >
          <Popover.Target>
            <button type="button" className="btn sub sm" onClick={() => setOpen(open === null ? 'new' : null)} aria-haspopup="dialog">
              <PlusIcon small />
              {t('add')}
            </button>
          </Popover.Target>
          <Popover.Dropdown aria-label={t('add')}>
            <ConditionForm
              key={String(open)}
              words={words}
              first={first}
              label={t('add')}
              onDone={(condition) => {
                const node = nodeOfCondition(condition);
                put(typeof open === 'number' ? parts.map((part, at) => (at === open ? node : part)) : [...parts, node]);
              }}
            />
          </Popover.Dropdown>
        </Popover>
        {where !== '' && (
          <button type="button" className="link-button clear" onClick={() => onChange('')}>
            {t('clear')}
          </button>
        )}
      </SentenceFilter>
      <FilterText key={`${where} ${problem ?? ''}`} where={where} onChange={onChange} problem={problem} />
    </div>
  );
}
