/** When a repeating job runs, in words; the pattern itself stays beside. */
export interface CronWords {
  readonly key: 'daily' | 'weekly' | 'monthly' | 'yearly' | 'pattern';
  /** `06:00` */
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekday: number | null;
  readonly day: number | null;
  /** 1 is January. */
  readonly month: number | null;
}

/** Reads the patterns that people choose; any other is shown as it is. */
export function wordsOfCron(cron: string): CronWords {
  const fields = cron.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields.length === 6 ? fields.slice(1) : fields;
  const number = (field: string): number | null => (/^\d{1,2}$/.test(field) ? Number(field) : null);
  const at = { hour: number(hour), minute: number(minute), day: number(day), month: number(month), weekday: number(weekday) };
  const time = `${String(at.hour ?? 0).padStart(2, '0')}:${String(at.minute ?? 0).padStart(2, '0')}`;
  const parts = { time, weekday: at.weekday === null ? null : at.weekday % 7, day: at.day, month: at.month };
  const any = (field: string): boolean => field === '*' || field === '?';
  if (at.hour === null || at.minute === null) return { ...parts, key: 'pattern' };
  if (any(day) && any(month) && any(weekday)) return { ...parts, key: 'daily' };
  if (any(day) && any(month) && at.weekday !== null) return { ...parts, key: 'weekly' };
  if (at.day !== null && any(month) && any(weekday)) return { ...parts, key: 'monthly' };
  if (at.day !== null && at.month !== null && any(weekday)) return { ...parts, key: 'yearly' };
  return { ...parts, key: 'pattern' };
}
