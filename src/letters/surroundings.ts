/** What stands around a letter and in it: the published frames and snippets, each in the best language there is. */
import sql from 'sql-template-tag';
import type { Queryable } from '../core/index.ts';
import type { Frame } from './frame.ts';
import { chooseLanguage } from './language.ts';
import type { LetterSource } from './text/types.ts';
import type { TextContent, TextKey } from './versions.ts';

export interface Surroundings {
  /** A letter as the renderer takes it. */
  sourceOf(letter: { readonly language: string } & Pick<TextContent, 'subject' | 'body' | 'sms'>): LetterSource;
}

/** A text that is not published yet, or another version of it, put in place of the one that is. */
export type Instead = TextKey & Pick<TextContent, 'body' | 'frame'>;

interface Row {
  readonly kind: 'frame' | 'snippet';
  readonly code: string;
  readonly language: string;
  readonly body: string;
  readonly frame: Frame | null;
}

export async function readSurroundings(db: Queryable, instead: readonly Instead[] = []): Promise<Surroundings> {
  const { rows } = await db.query<Row>(sql`
    select v.kind, v.code, v.language, v.body, v.frame
    from letter_heads h join letter_versions v on v.id = h.published
    where h.kind in ('frame', 'snippet')`);
  const library = await libraryLanguage(db);
  const frames = new Map<string, Frame>();
  const snippets = new Map<string, Map<string, string>>();
  for (const row of [...rows, ...instead]) {
    if (row.kind === 'frame' && row.frame !== null) frames.set(row.language, row.frame);
    if (row.kind !== 'snippet') continue;
    const languages = snippets.get(row.code) ?? new Map<string, string>();
    snippets.set(row.code, languages.set(row.language, row.body));
  }
  const parts = new Map<string, Pick<LetterSource, 'frame' | 'snippets'>>();
  const partsOf = (language: string): Pick<LetterSource, 'frame' | 'snippets'> => {
    let found = parts.get(language);
    if (found === undefined) {
      const best = <T>(by: ReadonlyMap<string, T>): T | undefined => by.get(chooseLanguage([...by.keys()], language, library) ?? '');
      const frameLanguage = chooseLanguage([...frames.keys()], language, library) ?? language;
      const frame = frames.get(frameLanguage);
      const named = [...snippets].flatMap(([name, by]) => {
        const body = best(by);
        return body === undefined ? [] : [[name, body] as const];
      });
      found = {
        ...(frame !== undefined && { frame: { ...withoutUndefined(frame), language: frameLanguage } }),
        snippets: Object.fromEntries(named),
      };
      parts.set(language, found);
    }
    return found;
  };
  return {
    sourceOf: ({ language, subject, body, sms }) => ({ language, subject: subject ?? '', body, sms, ...partsOf(language) }),
  };
}

/** Setting `library.language`, read directly: it says only in which order languages are looked for. */
async function libraryLanguage(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ value: unknown }>(sql`select s.value from settings s where s.name = 'library.language'`);
  const value = rows[0]?.value;
  return typeof value === 'string' ? value.toLowerCase() : 'en';
}

/** Absent is absent, not undefined, as the renderer's type has it. */
function withoutUndefined({ header, footer, logo, colours }: Frame): NonNullable<LetterSource['frame']> {
  const set = Object.fromEntries(Object.entries(colours).filter(([, value]) => value !== undefined));
  return {
    header,
    footer,
    colours: set,
    logo: logo === null ? null : { url: logo.url, alt: logo.alt, ...(logo.width !== undefined && { width: logo.width }) },
  };
}
