/** Days and instants as files write them. A day stays the day that is written, whatever zone follows it. */

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:?\d{2}|[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/;

/** `2027-09-30`, `2027-09-30Z`, or a date-time, of which the day is taken as written; undefined: none of these. */
export function isoDateOf(text: string): string | undefined {
  const parts = ISO.exec(text);
  return parts === null ? undefined : dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

/** The day as `YYYY-MM-DD`, if the calendar has it. */
function dayOf(year: number, month: number, day: number): string | undefined {
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/;

/** An ISO 8601 instant; a day alone means its beginning, no zone means UTC. */
export function instantOf(text: string): string | undefined {
  const parts = TIME.exec(text);
  const day = parts === null ? undefined : isoDateOf(parts[1] ?? '');
  if (parts === null || day === undefined) return undefined;
  const [hour, minute, second] = [parts[2] ?? '00', parts[3] ?? '00', parts[4] ?? '00'];
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const zone = parts[6] ?? 'Z';
  if (zone !== 'Z' && (Number(zone.slice(1, 3)) > 14 || Number(zone.slice(-2)) > 59)) return undefined;
  return `${day}T${hour}:${minute}:${second}${parts[5] ?? ''}${zone}`;
}

/** Reads dates of one pattern made of YYYY, MM, DD and separators, e.g. `DD.MM.YYYY`, `MM/DD/YYYY`, `YYYYMMDD`. */
export function dateReader(pattern: string): ((text: string) => string | undefined) | undefined {
  const order: ('Y' | 'M' | 'D')[] = [];
  const separated = /[^YMD]/.test(pattern);
  const source = pattern.replace(/YYYY|MM|DD|[^YMD]/g, (token) => {
    if (token === 'YYYY' || token === 'MM' || token === 'DD') {
      order.push(token[0] as 'Y' | 'M' | 'D'); // the three tokens begin with these letters
      return token === 'YYYY' ? '(\\d{4})' : separated ? '(\\d{1,2})' : '(\\d{2})';
    }
    return token.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  if ([...order].sort().join('') !== 'DMY' || /[YMD]/.test(source.replace(/\\d/g, ''))) return undefined;
  const matcher = new RegExp(`^${source}$`);
  return (text) => {
    const parts = matcher.exec(text.trim());
    if (parts === null) return undefined;
    const number = (letter: 'Y' | 'M' | 'D') => Number(parts[order.indexOf(letter) + 1]);
    return dayOf(number('Y'), number('M'), number('D'));
  };
}
