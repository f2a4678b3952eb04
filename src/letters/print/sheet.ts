/** Where things stand on the paper. Lengths are points from the left and from the top; 72 points are an inch. */

const MM = 72 / 25.4;
const INCH = 72;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Sheet {
  readonly width: number;
  readonly height: number;
  /** The library's name or logo. */
  readonly head: Box;
  /** One small line; null: the sender stands in the head. */
  readonly returnLine: Box | null;
  /** What can be seen through the window whichever way the letter slips. */
  readonly address: Box;
  /** Sender, date. */
  readonly information: Box;
  /** Subject and text of the first page. */
  readonly first: Box;
  /** Text of the pages after it. */
  readonly next: Box;
  readonly footer: Box;
  /** Height of the line with the page number, above the footer. */
  readonly pageNumberY: number;
  readonly marks: readonly { readonly y: number; readonly length: number }[];
  readonly marksX: number;
}

/**
 * DIN 5008, form B, on A4: address field 85 × 45 mm at 20/45 mm, of which the upper 17.7 mm carry the
 * return address, and the lower 27.3 mm six lines; information block at 125/50 mm; text from 98.46 mm, 25 mm
 * from the left and 20 mm from the right; marks to fold at 105 and 210 mm and to punch at 148.5 mm.
 */
const DIN5008: Sheet = {
  width: 210 * MM,
  height: 297 * MM,
  head: { x: 25 * MM, y: 15 * MM, width: 165 * MM, height: 22 * MM },
  returnLine: { x: 25 * MM, y: 57.5 * MM, width: 80 * MM, height: 5 * MM },
  address: { x: 25 * MM, y: 62.7 * MM, width: 80 * MM, height: 27.3 * MM },
  information: { x: 125 * MM, y: 50 * MM, width: 65 * MM, height: 40 * MM },
  first: { x: 25 * MM, y: 98.46 * MM, width: 165 * MM, height: 163 * MM },
  next: { x: 25 * MM, y: 27 * MM, width: 165 * MM, height: 234.4 * MM },
  footer: { x: 25 * MM, y: 272 * MM, width: 165 * MM, height: 18 * MM },
  pageNumberY: 265.5 * MM,
  marks: [
    { y: 105 * MM, length: 5 * MM },
    { y: 148.5 * MM, length: 7 * MM },
    { y: 210 * MM, length: 5 * MM },
  ],
  marksX: 5 * MM,
};

/**
 * US Letter, folded in three, for a No. 10 envelope whose window of 4½ × 1⅛ inches lies ⅞ inch from the
 * left and ½ inch from the bottom: the lowest part of the upper third, from 2.04 to 3.17 inches, shows in it.
 * A letter that slips to the right by an inch still shows everything from 0.875 inch on.
 */
const US10: Sheet = {
  width: 8.5 * INCH,
  height: 11 * INCH,
  head: { x: 0.9375 * INCH, y: 0.5 * INCH, width: 6.5 * INCH, height: 0.8 * INCH },
  returnLine: null,
  address: { x: 0.9375 * INCH, y: 2.14 * INCH, width: 3.4 * INCH, height: 1 * INCH },
  information: { x: 5 * INCH, y: 1.5 * INCH, width: 2.5 * INCH, height: 1.6 * INCH },
  first: { x: 1 * INCH, y: 3.85 * INCH, width: 6.5 * INCH, height: 6.05 * INCH },
  next: { x: 1 * INCH, y: 1 * INCH, width: 6.5 * INCH, height: 8.9 * INCH },
  footer: { x: 1 * INCH, y: 10.3 * INCH, width: 6.5 * INCH, height: 0.45 * INCH },
  pageNumberY: 10.03 * INCH,
  marks: [
    { y: (11 / 3) * INCH, length: 0.15 * INCH },
    { y: (22 / 3) * INCH, length: 0.15 * INCH },
  ],
  marksX: 0.2 * INCH,
};

export const SHEETS = { din5008: DIN5008, us10: US10 } as const satisfies Readonly<Record<string, Sheet>>;
