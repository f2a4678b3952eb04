import { useTranslation } from 'react-i18next';
import { useFormat } from '../../lib/format.ts';
import { wordsOfCron } from './cron-words.ts';

/** A Sunday, from which the names of the days are counted. */
const SUNDAY_MS = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;

/** "every day at 03:00", with the pattern itself beside; where there is little room, without it if the words say all. */
export function CronText({ cron, bare = false }: { readonly cron: string; readonly bare?: boolean }) {
  const { t } = useTranslation('jobs');
  const format = useFormat();
  const { key, time, weekday, day, month } = wordsOfCron(cron);
  const dayName = weekday === null ? '' : format.weekday(new Date(SUNDAY_MS + weekday * DAY_MS).toISOString().slice(0, 10));
  const monthName = month === null ? '' : format.month(`2026-${String(month).padStart(2, '0')}-01`, 'long');
  return (
    <>
      {t(`rhythm.${key}`, { time, weekday: dayName, day: day ?? 0, month: monthName })}
      {(!bare || key === 'pattern') && <span className="mono small muted"> {cron}</span>}
    </>
  );
}
