/**
 * Whether a name fits a pattern in which `*` stands for any text and `?` for one character. Walks both from left to right
 * and goes back to the last `*` alone, so that no pattern takes longer than their lengths multiplied. A name that begins
 * with a dot has to be asked for with one: such files are hidden, most often the halves of uploads.
 */
export function fitsPattern(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const [text, wanted] = [[...name], [...pattern]];
  let [at, to] = [0, 0];
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (wanted[to] === '*') {
      star = to;
      resume = at;
      to += 1;
    } else if (to < wanted.length && (wanted[to] === '?' || wanted[to] === text[at])) {
      at += 1;
      to += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      to = star + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(to).every((character) => character === '*');
}
