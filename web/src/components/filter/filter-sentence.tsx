import './filter.css';
import { useTranslation } from 'react-i18next';
import { SentenceFilter } from '../index.ts';
import { jointOf, nodeOf, partsOf, startOf } from './tree.ts';
import { grouped, useFilterWords, whole } from './words.ts';

interface FilterSentenceProps {
  /** The tree as the server sent it. */
  readonly filter: unknown;
  /** The same as text: what is shown until the words have come, and what the pointer shows. */
  readonly where: string;
}

/** A filter as one reads it: "User group is Alumni and expiry date is before today". */
export function FilterSentence({ filter, where }: FilterSentenceProps) {
  const { t } = useTranslation('filter');
  const node = nodeOf(filter);
  const words = useFilterWords(node);
  if (node === null || words.catalogue === undefined) return <span className="mono">{where}</span>;
  const parts = partsOf(node);
  return (
    <span title={where}>
      {parts.length === 0
        ? t('start_all')
        : parts.map((part) => (parts.length > 1 ? grouped(part, words.say(part)) : whole(words.say(part)))).join(` ${t(jointOf(node))} `)}
    </span>
  );
}

/** The same as pills, to be looked at, with the text below. */
export function FilterShown({ filter, where }: FilterSentenceProps) {
  const { t } = useTranslation('filter');
  const node = nodeOf(filter);
  const words = useFilterWords(node);
  const pills = partsOf(node).map((part, index) => {
    const said = words.say(part);
    return {
      key: String(index),
      text: said.text,
      ...(said.value === undefined ? {} : { value: <bdi>{said.value}</bdi> }),
      label: whole(said),
    };
  });
  return (
    <div className="stackv tight">
      {words.catalogue !== undefined && node !== null && (
        <SentenceFilter start={t(startOf(partsOf(node)))} pills={pills} joint={t(jointOf(node))} />
      )}
      <p className="ftext filter-whole">{where}</p>
    </div>
  );
}
