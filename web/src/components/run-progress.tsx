import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, invalidate, type RunEvent, watchRun } from '../api/index.ts';
import { useFormat } from '../lib/format.ts';
import { OutcomeBar } from './outcome.tsx';

export interface RunWatch {
  readonly event: RunEvent | null;
  /** Users per second over the last looks; null until it is known. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
  readonly problem: AppProblem | null;
  /** The server does not answer just now; the watch goes on as soon as it does. */
  readonly lost: boolean;
}

/** Milliseconds over which the rate is taken: shorter jumps, longer lags. */
const WINDOW_MS = 8_000;

/** A run live from the server; when it ends, what the page knows of jobs is asked anew. */
export function useRun(id: number, enabled = true): RunWatch {
  const client = useQueryClient();
  const [watch, setWatch] = useState<RunWatch>({ event: null, rate: null, secondsLeft: null, problem: null, lost: false });
  const seen = useRef<{ readonly at: number; readonly done: number }[]>([]);
  useEffect(() => {
    if (!enabled) return undefined;
    const stop = new AbortController();
    seen.current = [];
    const onEvent = (event: RunEvent): void => {
      const now = performance.now();
      seen.current = [...seen.current.filter((look) => now - look.at < WINDOW_MS), { at: now, done: event.done }];
      const [oldest] = seen.current;
      const seconds = oldest === undefined ? 0 : (now - oldest.at) / 1_000;
      const rate = oldest === undefined || seconds < 0.5 ? null : (event.done - oldest.done) / seconds;
      setWatch({
        event,
        rate,
        secondsLeft: rate === null || rate <= 0 ? null : (event.total - event.done) / rate,
        problem: null,
        lost: false,
      });
      if (event.final) void invalidate(client, 'job.show', 'job.list', 'job.waiting', 'library.figures');
    };
    const onConnection = (there: boolean): void => {
      // A rate over the time without a server would be none.
      if (!there) seen.current = [];
      setWatch((before) =>
        before.lost === !there ? before : { ...before, rate: there ? before.rate : null, secondsLeft: null, lost: !there },
      );
    };
    watchRun(id, onEvent, stop.signal, onConnection).catch((error: unknown) =>
      setWatch((before) => ({ ...before, problem: asProblem(error) })),
    );
    return () => stop.abort();
  }, [id, enabled, client]);
  return watch;
}

interface RunProgressProps {
  readonly id: number;
  /** What is known already, until the first event. */
  readonly done?: number;
  readonly total?: number;
  /** Without, it shows what is given: a browser keeps few streams open at once. */
  readonly live?: boolean;
}

/** How far a run is: bar, numbers, rate and time left. Read out at every tenth. */
export function RunProgress({ id, done: known = 0, total: knownTotal = 0, live = true }: RunProgressProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { event, rate, secondsLeft, lost } = useRun(id, live);
  const done = event?.done ?? known;
  const total = event?.total ?? knownTotal;
  const words = [
    t('run.done_of', { done: format.number(done), total: format.number(total) }),
    ...(rate === null || rate <= 0 ? [] : [t('run.per_second', { rate: format.number(Math.round(rate)) })]),
    ...(secondsLeft === null ? [] : [t('run.left', { time: format.duration(secondsLeft) })]),
    ...(event === null || !event.final ? [] : [event.state_text]),
    ...(lost ? [t('state.unreachable')] : []),
  ];
  const tenth = total === 0 ? 0 : Math.floor((done / total) * 10) * 10;
  return (
    <div>
      <OutcomeBar counts={{ changed: done, rest: Math.max(0, total - done) }} words={{ changed: t('run.done'), rest: t('run.to_go') }} />
      <p className="small muted run-line">{words.join(' · ')}</p>
      <span className="vh" role="status">
        {event?.final === true ? event.state_text : `${tenth} %`}
      </span>
    </div>
  );
}
