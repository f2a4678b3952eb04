/** Values as people read them. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../lib/format.ts';
import { ArrowRightIcon, CloudIcon, LibraryIcon } from './icons.tsx';

export function NumberText({ value }: { readonly value: number }) {
  return useFormat().number(value);
}

interface DateTextProps {
  /** `YYYY-MM-DD`, or an instant. */
  readonly value: string | null | undefined;
  /** `date`; `instant` with the time; `lately` as "today 14:02"; `spelled` as "Thursday, 484 days from today". */
  readonly as?: 'date' | 'instant' | 'lately' | 'spelled' | 'time';
}

/** A day or an instant, machine-readable beneath. */
export function DateText({ value, as = 'date' }: DateTextProps) {
  const format = useFormat();
  if (value === null || value === undefined || value === '') return <None />;
  return (
    <time dateTime={value} title={as === 'lately' ? format.instant(value) : undefined}>
      {format[as](value)}
    </time>
  );
}

/** Nothing there: a dash to see, a word to hear. */
export function None() {
  const { t } = useTranslation();
  return (
    <span className="muted">
      <span aria-hidden="true">–</span>
      <span className="vh">{t('value.none')}</span>
    </span>
  );
}

/** A name in its own writing direction, cut when it is too long. */
export function UserName({ first, last, id }: { readonly first?: string | null; readonly last?: string | null; readonly id: string }) {
  const name = [first, last].filter((part) => part !== null && part !== undefined && part !== '').join(' ');
  const shown = name === '' ? id : name;
  return (
    <bdi className="trunc user-name" title={shown}>
      {shown}
    </bdi>
  );
}

export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return ([...(words[0] ?? '')][0] ?? '').concat(words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '').toUpperCase();
}

/** The library's own, or the feed's. */
export function SegmentBadge({ segment }: { readonly segment: string }) {
  const { t } = useTranslation();
  const external = /^external$/i.test(segment);
  return (
    <span className="o small muted">
      {external ? <CloudIcon small /> : <LibraryIcon small />}
      {external ? t('value.external') : t('value.internal')}
    </span>
  );
}

/** Before → after, everywhere the same. `undefined` means there was nothing to compare with. */
export function BeforeAfter({
  before,
  after,
  wrap = false,
}: {
  readonly before: ReactNode;
  readonly after: ReactNode;
  readonly wrap?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <span className={wrap ? 'diff' : 'diff one'}>
      {before !== null && before !== undefined && (
        <>
          <span className="vh">{t('diff.before')}</span>
          <del>{before}</del>
          <ArrowRightIcon />
        </>
      )}
      <span className="vh">{t('diff.after')}</span>
      <ins>{after ?? t('value.empty')}</ins>
    </span>
  );
}

/** The number is the hero. */
export function KeyFigure({
  icon,
  label,
  value,
  detail,
  link,
}: {
  readonly icon?: ReactNode;
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly detail?: ReactNode;
  readonly link?: ReactNode;
}) {
  return (
    <div className="stat">
      <div className="k">
        {icon}
        {label}
      </div>
      <div className="v">{typeof value === 'number' ? <NumberText value={value} /> : value}</div>
      {detail !== undefined && <div className="d">{detail}</div>}
      {link}
    </div>
  );
}

/** Keys to press. */
export function Keys({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => <kbd key={name}>{name}</kbd>);
}
