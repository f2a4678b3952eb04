/** What became of users: colour, shape and pattern, with the word and the number beside. */
import { useTranslation } from 'react-i18next';
import { useFormat } from '../lib/format.ts';
import { ChangedIcon, ConflictIcon, FailedIcon, type Icon, QueuedIcon, SkippedIcon, UnchangedIcon } from './icons.tsx';

export const OUTCOMES = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Counts = { readonly [name in Outcome | 'queued' | 'rest']?: number | undefined };

const ICONS: Readonly<Record<Outcome | 'queued', Icon>> = {
  changed: ChangedIcon,
  unchanged: UnchangedIcon,
  skipped: SkippedIcon,
  failed: FailedIcon,
  conflict: ConflictIcon,
  queued: QueuedIcon,
};

/** Class of a part of a bar, and of its swatch. */
const PARTS: readonly (readonly [keyof Counts, string])[] = [
  ['changed', 'c'],
  ['queued', 'q'],
  ['unchanged', 'u'],
  ['skipped', 's'],
  ['failed', 'f'],
  ['conflict', 'x'],
  ['rest', 'rest'],
];

/** The icon with its word beside it; `bare` leaves the word to those who listen. */
export function OutcomeIcon({ outcome, bare = false }: { readonly outcome: Outcome | 'queued'; readonly bare?: boolean }) {
  const { t } = useTranslation();
  const Drawn = ICONS[outcome];
  return (
    <span className={`o ${outcome}`}>
      <Drawn />
      <span className={bare ? 'vh' : undefined}>{t(`outcome.${outcome}`)}</span>
    </span>
  );
}

interface OutcomeBarProps {
  readonly counts: Counts;
  readonly size?: 'sm' | 'md' | 'lg';
  /** Instead of the outcomes' own words, e.g. "sent" for letters. */
  readonly words?: Partial<Readonly<Record<keyof Counts, string>>>;
}

/** One bar for all users. Three failed of 12,431 are still seen: no part is thinner than 5 px. */
export function OutcomeBar({ counts, size = 'md', words = {} }: OutcomeBarProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const parts = PARTS.flatMap(([name, className]) => ((counts[name] ?? 0) > 0 ? [{ name, className, count: counts[name] ?? 0 }] : []));
  const said = parts.map(({ name, count }) => `${number(count)} ${words[name] ?? t(`outcome.${name}`)}`).join(', ');
  return (
    <div className={size === 'md' ? 'bar' : `bar ${size}`} role="img" aria-label={said === '' ? t('outcome.nobody') : said}>
      {parts.map(({ name, className, count }) => (
        <i key={name} className={className} style={{ flex: `${count} 1 0` }} />
      ))}
    </div>
  );
}

/** The numbers under or above a bar; what is zero is left out, unless `always`. */
export function OutcomeCounts({ counts, always = false }: { readonly counts: Counts; readonly always?: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <span className="counts-line">
      {OUTCOMES.filter((name) => counts[name] !== undefined && (always || counts[name] !== 0)).map((name) => {
        const Drawn = ICONS[name];
        return (
          <span key={name} className={`o ${name}`}>
            <Drawn />
            {number(counts[name] ?? 0)} {t(`outcome.${name}`)}
          </span>
        );
      })}
    </span>
  );
}

export function OutcomeLegend({ outcomes = OUTCOMES }: { readonly outcomes?: readonly (keyof Counts)[] }) {
  const { t } = useTranslation();
  return (
    <span className="legend">
      {PARTS.filter(([name]) => outcomes.includes(name)).map(([name, className]) => (
        <span key={name}>
          <i className={`sw ${className}`} aria-hidden="true" />
          {t(`outcome.${name}`)}
        </span>
      ))}
    </span>
  );
}

interface RunStateProps {
  /** Code of the state, e.g. `COMPLETED_WARNING`. */
  readonly state: string;
  /** The server's words for it. */
  readonly text: string;
  readonly counts?: Counts;
}

/** State of a run in the server's words, with the shape of what it came to. */
export function RunStateBadge({ state, text, counts = {} }: RunStateProps) {
  const outcome = outcomeOfState(state, counts);
  const Drawn = ICONS[outcome];
  return (
    <span className={`badge ${outcome === 'queued' ? 'changed' : outcome}`}>
      <Drawn />
      {text}
    </span>
  );
}

export function outcomeOfState(state: string, counts: Counts): Outcome | 'queued' {
  if ((counts.conflict ?? 0) > 0) return 'conflict';
  if (/FAILED/.test(state) || (counts.failed ?? 0) > 0) return 'failed';
  if (/^(?:PAUSED|MANUAL_HANDLING_REQUIRED|USER_ABORTED|SYSTEM_ABORTED|SKIPPED|COMPLETED_WARNING)$/.test(state)) return 'skipped';
  if (state === 'COMPLETED_NO_BULKS' || (state === 'COMPLETED_SUCCESS' && counts.changed === 0)) return 'unchanged';
  return state.startsWith('COMPLETED') ? 'changed' : 'queued';
}
