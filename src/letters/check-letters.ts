/** Everything that can be found out about the letters of types before they are sent. */
import sql, { type Sql } from 'sql-template-tag';
import { type Context, type Queryable, readSetting } from '../core/index.ts';
import { checkLinks, type LinkState, linksIn, PRIVATE_LINKS } from './dead-links.ts';
import { countEmptyFields } from './empty-fields.ts';
import { readLetterSettings } from './settings.ts';
import { readSurroundings } from './surroundings.ts';
import { namedPaths } from './text/check-fields.ts';
import { checkLetter, type LetterProblem, type LetterSource } from './text/index.ts';
import { cleanSource, scan } from './text/scan.ts';
import { type MissingLanguage, missingLanguages, readWishedLanguages } from './wished-languages.ts';

export interface CheckedLetter {
  readonly type: string;
  readonly language: string;
  readonly version: number;
  readonly published: boolean;
  readonly problems: readonly LetterProblem[];
}

export interface LetterCheck {
  readonly members: number;
  /** The published version of each letter, and the draft if there is one. */
  readonly letters: readonly CheckedLetter[];
  readonly missing: readonly (MissingLanguage & { readonly type: string })[];
  readonly empty: readonly {
    readonly type: string;
    readonly field: string;
    readonly users: number;
    readonly languages: readonly string[];
  }[];
  /** Null: not asked for. */
  readonly links: readonly (LinkState & { readonly letters: readonly string[] })[] | null;
}

interface Row {
  readonly type: string;
  readonly language: string;
  readonly number: number;
  readonly published: boolean;
  readonly credentials: boolean;
  readonly subject: string;
  readonly body: string;
  readonly sms: string | null;
}

/** `members`: a query of `user_id`; null: everybody. */
export async function checkLetters(
  ctx: Context,
  types: readonly string[],
  options: { readonly language: string | undefined; readonly members: Sql | null; readonly links: boolean },
): Promise<LetterCheck> {
  const db = ctx.db.pool;
  const settings = await readLetterSettings(db);
  const around = await readSurroundings(db);
  const rows = await readLetters(db, types);
  const chosen = rows.filter((row) => options.language === undefined || row.language === options.language);
  const sources = new Map(chosen.map((row) => [row, around.sourceOf(row)]));

  const wished = await readWishedLanguages(db, options.members, settings.language);
  const missing = types.flatMap((type) => {
    const available = rows.flatMap((row) => (row.type === type && row.published ? [row.language] : []));
    const all = missingLanguages(wished, available, settings.language);
    return all.filter((one) => options.language === undefined || one.language === options.language).map((one) => ({ type, ...one }));
  });

  const used = new Map<string, Set<string>>();
  const links = new Map<string, Set<string>>();
  const note = (notes: Map<string, Set<string>>, what: string, where: string): unknown =>
    notes.set(what, (notes.get(what) ?? new Set()).add(where));
  for (const [row, source] of sources) {
    for (const field of fieldsOf(source)) note(used, `${row.type} ${field}`, row.language);
    for (const address of partsOf(source).flatMap(linksIn)) note(links, address, `${row.type} ${row.language}`);
  }
  const { members, fields } = await countEmptyFields(db, [...sources.values()].flatMap(fieldsOf), options.members);
  const empty = types.flatMap((type) =>
    fields.flatMap(({ field, users }) => {
      const languages = ['', '.size', '.first', '.last'].flatMap((end) => [...(used.get(`${type} ${field}${end}`) ?? [])]);
      return languages.length === 0 ? [] : [{ type, field, users, languages: [...new Set(languages)].sort() }];
    }),
  );
  const states = options.links ? await checkLinks([...links.keys()], await readSetting(db, PRIVATE_LINKS)) : null;
  return {
    members,
    letters: [...sources].map(([{ type, language, number, published, credentials }, source]) => ({
      type,
      language,
      version: number,
      published,
      problems: checkLetter(source, { credentials }),
    })),
    missing,
    empty,
    links: states?.map((state) => ({ ...state, letters: [...(links.get(state.address) ?? [])].sort() })) ?? null,
  };
}

async function readLetters(db: Queryable, types: readonly string[]): Promise<Row[]> {
  const { rows } = await db.query<Row>(sql`
    select v.code as type, v.language, v.number, v.id is not distinct from h.published as published, t.credentials, v.subject, v.body, v.sms
    from letter_heads h
    join letter_versions v on v.id in (h.published, h.latest) and v.kind = 'letter'
    join letter_versions latest on latest.id = h.latest
    left join letter_versions current on current.id = h.published
    join notification_types t on t.code = h.code
    where h.kind = 'letter' and h.code = any(${types}::text[])
      and (v.id = h.published or latest.number > coalesce(current.number, 0))
    order by t.position, v.code, v.language, v.number`);
  return rows;
}

/** Every text that the letter is made of. */
function partsOf(source: LetterSource): string[] {
  const named = Object.entries(source.snippets ?? {}).flatMap(([name, body]) => (mentions(source, name) ? [body] : []));
  return [
    source.subject,
    source.body,
    source.sms ?? '',
    source.frame?.header ?? '',
    source.frame?.footer ?? '',
    source.frame?.logo?.url ?? '',
    ...named,
  ];
}

function mentions(source: LetterSource, snippet: string): boolean {
  const tag = new RegExp(`\\{%-?\\s*snippet\\s+["']${snippet}["']`);
  return [source.body, source.frame?.header, source.frame?.footer].some((part) => part !== undefined && tag.test(part));
}

/** Fields that the letter itself shows; the frame’s are the same for all letters, and ask whether they are there. */
function fieldsOf(source: LetterSource): string[] {
  const parts = [source.subject, source.body, source.sms ?? ''];
  return [
    ...new Set(
      parts.flatMap((part) => {
        try {
          return namedPaths(scan('body', cleanSource(part), source.snippets ?? {}).pieces);
        } catch {
          // A text that cannot be read has that among its problems.
          return [];
        }
      }),
    ),
  ];
}
