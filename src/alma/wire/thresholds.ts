/** How many requests are let through: off unless the library sets limits, since it shares its server with nobody. */
import { z } from 'zod';
import { declareSetting, type Queryable, readSetting } from '../../core/index.ts';
import { GatewayError } from './errors.ts';

export const THRESHOLDS = declareSetting({
  name: 'alma.thresholds',
  label: {
    en: 'Most requests that the Alma-compatible API takes, per second and per day; empty: no limit',
    de: 'Höchstzahl der Anfragen an die Alma-kompatible API, pro Sekunde und pro Tag; leer: unbegrenzt',
  },
  schema: z.strictObject({ perSecond: z.number().int().min(1).nullable(), perDay: z.number().int().min(1).nullable() }),
  default: { perSecond: null, perDay: null },
  privilege: 'settings:write',
});

/** What `X-Exl-Api-Remaining` says where there is no limit: clients stop when it gets low. */
const UNLIMITED = 1_000_000;
/** Milliseconds after which a changed setting is noticed. */
const SETTING_AGE_MS = 5_000;

/** Counts the requests of this process; several processes each have the limits for themselves. */
export class Thresholds {
  readonly #db: Queryable;
  #limits = THRESHOLDS.default;
  #readAt = Number.NEGATIVE_INFINITY;
  #second = 0;
  #inSecond = 0;
  #day = '';
  #inDay = 0;

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** Counts one request and gives how many are left today. Throws a `GatewayError` (429) when there are too many. */
  async admit(today: string, now = Date.now()): Promise<number> {
    if (now - this.#readAt > SETTING_AGE_MS) {
      this.#readAt = now;
      this.#limits = await readSetting(this.#db, THRESHOLDS);
    }
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) [this.#second, this.#inSecond] = [second, 0];
    if (today !== this.#day) [this.#day, this.#inDay] = [today, 0];
    const { perSecond, perDay } = this.#limits;
    if (perDay !== null && this.#inDay >= perDay) {
      throw new GatewayError('DAILY_THRESHOLD', 'Daily API Request Threshold has been reached. Please try again tomorrow.', 429);
    }
    if (perSecond !== null && this.#inSecond >= perSecond) {
      throw new GatewayError('PER_SECOND_THRESHOLD', 'HTTP requests are more than allowed per second. See https://goo.gl/2x1c1M', 429);
    }
    this.#inSecond += 1;
    this.#inDay += 1;
    return perDay === null ? UNLIMITED : perDay - this.#inDay;
  }
}
