/** A word in the two languages that labels have. */
export interface Both {
  readonly en: string;
  readonly de: string;
}

export function wordOf(both: Both | null | undefined, german: boolean): string | null {
  return both === null || both === undefined ? null : german ? both.de : both.en;
}
