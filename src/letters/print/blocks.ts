/** What a printed letter consists of: a small tree without any notation left in it. */

/** A piece of running text. A line break within a paragraph is the text `\n`. */
export interface Inline {
  readonly text: string;
  readonly bold?: boolean;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  /** 1 is below the subject, which is the letter's own heading. */
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'definitions'; readonly rows: readonly { readonly term: readonly Inline[]; readonly value: readonly Inline[] }[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'table'; readonly header: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] };

/** Everything on the pages of one letter. */
export interface PrintedLetter {
  /** BCP 47. */
  readonly language: string;
  readonly subject: string;
  readonly blocks: readonly Block[];
  /** Lines in the window; see `addressLines`. */
  readonly address: readonly string[];
  /** Day of the letter, written out. */
  readonly date: string;
}

/** What is alike in all letters of a batch. */
export interface Stationery {
  readonly layout: 'din5008' | 'us10';
  /** The library's name, at the head of the first page. */
  readonly name: string;
  /** One small line above the recipient, within the window. */
  readonly returnLine: string;
  /** Lines beside the address: where the library is and how it is reached. */
  readonly sender: readonly string[];
  /** At the foot of the first page. */
  readonly footer: readonly string[];
  /** PNG or JPEG; null: the name alone. */
  readonly logo: Buffer | null;
}
