import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../core/index.ts';
import type { Screen } from './screen.ts';
import { padEnd } from './width.ts';

/**
 * A bar on standard error while something long goes on; on anything but a terminal it is silent.
 * Standard output stays clean for the answer.
 */
export class ProgressBar {
  readonly #screen: Screen;
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #stage: string | undefined;

  constructor(screen: Screen, stream: NodeJS.WriteStream = process.stderr) {
    this.#screen = screen;
    this.#stream = stream;
  }

  /** Shows how far it is; a new stage begins a new bar. */
  show({ stage, done, total }: Progress, note = ''): void {
    if (!this.#stream.isTTY) return;
    if (stage !== this.#stage) {
      this.end();
      this.#stage = stage;
      this.#bar = this.#create(stage, total);
      this.#bar.start(total ?? 0, done, { note });
      return;
    }
    if (total !== null) this.#bar?.setTotal(total);
    this.#bar?.update(done, { note });
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#stage = undefined;
  }

  #create(stage: string, total: number | null): SingleBar {
    const number = (value: number): string => this.#screen.number(value);
    const label = padEnd(this.#screen.stage(stage), 14);
    return new SingleBar(
      {
        stream: this.#stream,
        hideCursor: true,
        barsize: 28,
        // A total that is not known yet has no bar and no end in sight, only a count.
        format: (options, params, payload: { note?: string }) => {
          const note = payload.note === undefined || payload.note === '' ? '' : `  ${payload.note}`;
          const rate = perSecond(params.value, params.startTime);
          const speed = rate === undefined ? '' : `  ${number(rate)}/s`;
          if (total === null && params.total === 0) return `${label} ${number(params.value)}${speed}${note}`;
          const filled = Math.round(params.progress * 28);
          const bar = (options.barCompleteString ?? '').slice(0, filled) + (options.barIncompleteString ?? '').slice(0, 28 - filled);
          return `${label} ${bar} ${number(params.value)} / ${number(params.total)}${speed}${note}`;
        },
      },
      Presets.shades_classic,
    );
  }
}

function perSecond(done: number, since: number): number | undefined {
  const seconds = (Date.now() - since) / 1000;
  return seconds < 0.5 || done === 0 ? undefined : Math.round(done / seconds);
}
