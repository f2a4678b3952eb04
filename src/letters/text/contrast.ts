import { problem } from './problem.ts';
import type { FrameColours, LetterProblem } from './types.ts';

/** What is read on what, in a letter's frame. */
const PAIRS: readonly (readonly [keyof FrameColours, keyof FrameColours])[] = [
  ['text', 'paper'],
  ['accent', 'paper'],
  ['link', 'paper'],
  ['muted', 'paper'],
  ['muted', 'page'],
  ['link', 'page'],
];

/** WCAG 2.2, 1.4.3, for text of ordinary size. */
const LEAST = 4.5;

export function colourProblems(colours: FrameColours): LetterProblem[] {
  const place = { part: 'frame.colours', line: 1, column: 1 } as const;
  const wrong = Object.entries(colours).filter(([, value]) => channels(value) === undefined);
  if (wrong.length > 0) return wrong.map(([name, value]) => problem('error', 'letters.check.colour', place, { name, value }));
  return PAIRS.flatMap(([front, back]) => {
    const ratio = contrast(colours[front], colours[back]);
    // Rounded down: 4.49 is not 4.5.
    const shown = (Math.floor(ratio * 10) / 10).toFixed(1);
    return ratio >= LEAST ? [] : [problem('warning', 'letters.check.contrast', place, { name: `${front}/${back}`, ratio: shown })];
  });
}

/** Between 1 and 21, as WCAG 2.2 defines it. Throws for what is no `#rrggbb`. */
export function contrast(front: string, back: string): number {
  const [a = 0, b = 0] = [luminance(front), luminance(back)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

function luminance(colour: string): number {
  const rgb = channels(colour);
  if (rgb === undefined) throw new RangeError(`not a colour: ${colour}`);
  const [r = 0, g = 0, b = 0] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(colour: string): readonly number[] | undefined {
  return /^#[0-9a-f]{6}$/i.test(colour) ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) : undefined;
}
