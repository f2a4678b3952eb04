/** Answers of mail servers that mean: too many, too fast. */

/** 421 closes the line; 4.7.x are policies such as rates; the words are those of the large providers. */
const TOO_FAST =
  /^421\b|^4\d\d[ -]4\.7\.|\b(?:too (?:many|fast|quickly)|rate[ -]?limit|throttl|slow down|try again later.*(?:rate|volume))/i;

export function saysTooFast(answer: string): boolean {
  return /^4\d\d\b/.test(answer) && TOO_FAST.test(answer);
}
