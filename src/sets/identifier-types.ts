import { AppError, type Queryable } from '../core/index.ts';
import sql from 'sql-template-tag';

/**
 * By what a list's values are looked up: any identifier at all, the primary id alone, or identifiers
 * of one type alone.
 */
export type Matching = { readonly by: 'any' } | { readonly by: 'primary_id' } | { readonly by: 'type'; readonly type: string };

export interface IdentifierType {
  readonly code: string;
  readonly label_en: string;
  readonly label_de: string;
}

/** Headings under which libraries' files carry identifiers of whatever type (Alma, its guides, FOLIO, ours). */
const ANY_HEADINGS: ReadonlySet<string> = new Set([
  'username',
  'benutzername',
  'benutzerkennung',
  'primaryid',
  'primaryidentifier',
  'primarykennung',
  'primärkennung',
  'primärekennung',
  'identifier',
  'identifiers',
  'kennung',
  'kennungen',
  'userprimaryid',
  'userprimaryidentifier',
]);

/** Known as a heading also where the library has no identifier type of that name. */
const BARCODE_HEADINGS: ReadonlySet<string> = new Set(['barcode', 'barcodes']);

export async function readIdentifierTypes(db: Queryable): Promise<readonly IdentifierType[]> {
  const { rows } = await db.query<IdentifierType>(sql`
    select c.code, c.label_en, c.label_de from codes c
    where c.table_name = 'UserIdentifierTypes' order by c.position, c.code`);
  return rows;
}

/** The matching that someone asked for by a code or label; undefined asks for nothing. */
export function matchingOf(idType: string | undefined, types: readonly IdentifierType[]): Matching | undefined {
  if (idType === undefined) return undefined;
  const name = bare(idType);
  if (name === 'primaryid') return { by: 'primary_id' };
  const type = typeCalled(name, types);
  if (type === undefined) throw new AppError('sets.id_type_unknown', { type: idType, known: types.map((t) => t.code).join(', ') });
  return { by: 'type', type: type.code };
}

export interface IdColumn {
  readonly index: number;
  readonly matching: Matching;
}

/**
 * The leftmost column whose heading names an identifier; undefined when none does, so the record is no
 * header. When a type is asked for, the column of that type comes before others.
 */
export function findIdColumn(
  headings: readonly string[],
  types: readonly IdentifierType[],
  wanted: Matching | undefined,
): IdColumn | undefined {
  const columns = headings.flatMap((heading, index) => {
    const matching = matchingOfHeading(heading, types);
    return matching === undefined ? [] : [{ index, matching }];
  });
  const own = columns.find(({ matching }) => wanted?.by === 'type' && matching.by === 'type' && matching.type === wanted.type);
  return own ?? columns[0];
}

function matchingOfHeading(heading: string, types: readonly IdentifierType[]): Matching | undefined {
  const name = bare(heading);
  if (name === '') return undefined;
  const type = typeCalled(name, types);
  if (ANY_HEADINGS.has(name)) return { by: 'any' };
  if (type !== undefined) return { by: 'type', type: type.code };
  return BARCODE_HEADINGS.has(name) ? { by: 'any' } : undefined;
}

function typeCalled(name: string, types: readonly IdentifierType[]): IdentifierType | undefined {
  return (
    types.find((type) => bare(type.code) === name) ?? types.find((type) => bare(type.label_en) === name || bare(type.label_de) === name)
  );
}

/** A heading without capitals, blanks, hyphens and underlines: `Primary ID` is `primary_id`. */
function bare(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}
