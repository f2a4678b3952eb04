/** A user-facing text in both languages; `{name}` stands for a parameter. */
export interface Text {
  readonly en: string;
  readonly de: string;
}

export type Catalogue = Readonly<Record<string, Text>>;

export type Language = keyof Text;
