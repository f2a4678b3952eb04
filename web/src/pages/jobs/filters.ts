import type { Input } from '../../api/index.ts';

export const KINDS = ['job', 'undo', 'import', 'edit', 'purge', 'feed', 'merge'] as const;
export type Kind = (typeof KINDS)[number];

type State = NonNullable<Input<'job.list'>['states']>[number];

/** How a run has ended, or that it has not, as one looks for it: the states that this comes to. */
export const ENDINGS = {
  done: ['COMPLETED_SUCCESS', 'COMPLETED_NO_BULKS'],
  problems: ['COMPLETED_WARNING', 'COMPLETED_FAILED', 'FAILED'],
  aborted: ['USER_ABORTED', 'SYSTEM_ABORTED', 'SKIPPED'],
  open: ['MANUAL_HANDLING_REQUIRED', 'QUEUED', 'INITIALIZING', 'RUNNING', 'PAUSED', 'FINALIZING'],
} as const satisfies Readonly<Record<string, readonly State[]>>;
export type Ending = keyof typeof ENDINGS;

export interface JobsSearch {
  /** The jobs themselves when left out. */
  readonly list?: 'scheduled' | 'templates';
  readonly text?: string;
  readonly kind?: Kind;
  readonly ending?: Ending;
  readonly from?: string;
  readonly to?: string;
}

export function isKind(value: unknown): value is Kind {
  return KINDS.some((kind) => kind === value);
}

export function isEnding(value: unknown): value is Ending {
  return typeof value === 'string' && Object.hasOwn(ENDINGS, value);
}

/** The history as the address narrows it. */
export function historyInput({ text, kind, ending, from, to }: JobsSearch): Input<'job.list'> {
  return {
    limit: 50,
    counted: true,
    ...(text === undefined || text.trim() === '' ? {} : { text }),
    ...(kind === undefined ? {} : { kinds: [kind] }),
    ...(ending === undefined ? {} : { states: [...ENDINGS[ending]] }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
