/** What a letter is made of, and what becomes of it. The words of docs/decisions/0016. */
import type { LetterData } from '../letter-data.ts';

/** What stands around all letters of a language. */
export interface FrameSource {
  /** In which it is written, where that is not the letter's; missing: each paragraph says by its letters from which side it is read. */
  readonly language?: string;
  /** Markdown with Liquid above the letter; may be empty. */
  readonly header: string;
  /** Markdown with Liquid below it: the sender's address, the legal line; may be empty. */
  readonly footer: string;
  readonly logo: { readonly url: string; readonly alt: string; readonly width?: number } | null;
  /** Those that are missing are Muster's own. */
  readonly colours?: Partial<FrameColours>;
}

/** `#rrggbb` each. */
export interface FrameColours {
  /** The line above the letter, and headings. */
  readonly accent: string;
  readonly link: string;
  readonly text: string;
  /** Behind the letter. */
  readonly paper: string;
  /** Around the letter, and behind the footer. */
  readonly page: string;
  /** The footer's words. */
  readonly muted: string;
}

/** One version of a letter with everything that it is put together from. */
export interface LetterSource {
  /** Language tag, lower case: says how dates, numbers and plurals are written, and the direction. */
  readonly language: string;
  /** Liquid; what it renders to is one line. */
  readonly subject: string;
  /** Markdown with Liquid. */
  readonly body: string;
  /** Liquid, plain text; null: the letter does not go out as SMS. */
  readonly sms?: string | null;
  /** Missing: Muster's own. */
  readonly frame?: FrameSource;
  /** Markdown with Liquid by name, for `{% snippet "name" %}`. */
  readonly snippets?: Readonly<Record<string, string>>;
}

/** The parts of `LetterSource` in which a problem can lie; a snippet is named after a colon. */
export type LetterPart =
  | 'subject'
  | 'body'
  | 'sms'
  | 'frame.header'
  | 'frame.footer'
  | 'frame.logo'
  | 'frame.colours'
  | `snippet:${string}`;

/** What has to be read of a user for a letter beside the record itself. */
export type LetterNeed = 'contact' | 'identifiers' | 'changes' | 'circulation';

/** Which forms are wanted; those left out are not made. */
export interface RenderUse {
  readonly html?: boolean;
  readonly text?: boolean;
  readonly sms?: boolean;
  readonly blocks?: boolean;
}

export interface RenderedLetter {
  readonly subject: string;
  /** Empty when it was not asked for, as is `html`. */
  readonly text: string;
  readonly html: string;
  /** Null when the letter has none, or it was not asked for. */
  readonly sms: string | null;
  /** The letter without its frame, for print; empty when it was not asked for. */
  readonly blocks: readonly Block[];
}

export interface CompiledLetter {
  readonly language: string;
  readonly needs: ReadonlySet<LetterNeed>;
  /** Whether there is an SMS. */
  readonly hasSms: boolean;
  /** HTML, text and SMS where `use` does not say otherwise. Throws for data that lacks a field, and past the limits. */
  render(data: LetterData, use?: RenderUse): RenderedLetter;
}

export type Inline =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly bold?: boolean;
      readonly italic?: boolean;
      readonly code?: boolean;
      readonly href?: string;
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'image'; readonly src: string; readonly alt: string };

export type Align = 'left' | 'center' | 'right' | null;

/** A letter as a tree, for what is neither HTML nor text. */
export type Block =
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: 'table';
      readonly align: readonly Align[];
      readonly header: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  /** A table of two columns without headings: what it is, and its value. */
  | { readonly kind: 'definitions'; readonly rows: readonly { readonly term: readonly Inline[]; readonly content: readonly Inline[] }[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'rule' };

/** Why a letter is not, or not quite, good. Errors keep it from being published. */
export interface LetterProblem {
  readonly part: LetterPart;
  /** Of the Markdown source, from 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: { readonly en: string; readonly de: string };
}
