/**
 * The texts that letters are made of, and their versions (`letter_versions`). A text is a letter, a frame
 * or a snippet in one language. Saving makes a version, which never changes; publishing says which version
 * is sent. Whoever writes holds the text's row in `letter_heads`, so that two who save at once are one
 * after the other, and the second learns of the first.
 */
import sql from 'sql-template-tag';
import { AppError, type Queryable } from '../core/index.ts';
import { type Frame, frameText } from './frame.ts';

export const TEXT_KINDS = ['letter', 'frame', 'snippet'] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

export interface TextKey {
  readonly kind: TextKind;
  /** A letter's notification type, a snippet's name; of a frame `STANDARD_FRAME`. */
  readonly code: string;
  readonly language: string;
}

/** What a version says. Of a letter subject, body and SMS; of a snippet the body; of a frame its parts. */
export interface TextContent {
  readonly subject: string | null;
  readonly body: string;
  readonly sms: string | null;
  readonly frame: Frame | null;
}

export interface TextVersion extends TextKey, TextContent {
  readonly id: number;
  readonly number: number;
  readonly note: string | null;
  readonly created_at: string;
  readonly created_by: string;
}

/** A version in the list of its text's versions, without what it says. */
export interface VersionHead {
  readonly number: number;
  /** `draft`: newer than what is published; `former`: published once; `unused`: never. */
  readonly state: 'draft' | 'published' | 'former' | 'unused';
  readonly note: string | null;
  readonly created_at: string;
  readonly created_by: string;
  /** When it was published last, and by whom. */
  readonly published_at: string | null;
  readonly published_by: string | null;
}

interface Head {
  readonly latest: TextVersion;
  /** Number of the published version. */
  readonly published: number | null;
}

const versionColumns = sql`v.id, v.kind, v.code, v.language, v.number, v.subject, v.body, v.sms, v.frame, v.note, v.created_at, v.created_by`;

/**
 * Saves a text as its next version; the identical text is no new one. `basedOn` is the number of the
 * version that the author had before them, 0 when there was none: if there is a newer one by now, throws
 * `letters.changed_meanwhile`, and nothing is lost.
 */
export async function saveVersion(
  tx: Queryable,
  key: TextKey,
  content: TextContent,
  by: { readonly author: string; readonly basedOn: number; readonly note: string | null },
): Promise<{ readonly version: TextVersion; readonly saved: boolean; readonly published: boolean }> {
  // Two who write the first version of a text have no row yet to wait at.
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`letter text ${key.kind} ${key.code} ${key.language}`}::text, 0))`);
  const head = await lockHead(tx, key);
  if (head !== undefined && sameContent(head.latest, content))
    return { version: head.latest, saved: false, published: head.published === head.latest.number };
  const newest = head?.latest.number ?? 0;
  if (by.basedOn !== newest) {
    if (by.basedOn > newest) throw versionNotFound(key, by.basedOn);
    throw new AppError('letters.changed_meanwhile', {
      text: nameOf(key),
      base: by.basedOn,
      author: by.author,
      version: newest,
      other: head?.latest.created_by ?? '',
    });
  }
  const { rows } = await tx.query<TextVersion>(sql`
    insert into letter_versions as v (kind, code, language, number, subject, body, sms, frame, note, created_by)
    values (${key.kind}, ${key.code}, ${key.language}, ${newest + 1}, ${content.subject}, ${content.body}, ${content.sms},
      ${content.frame === null ? null : JSON.stringify(content.frame)}::jsonb, ${by.note}, ${by.author})
    returning ${versionColumns}`);
  const version = one(rows);
  await tx.query(sql`
    insert into letter_heads (kind, code, language, latest) values (${key.kind}, ${key.code}, ${key.language}, ${version.id}::bigint)
    on conflict (kind, code, language) do update set latest = excluded.latest`);
  return { version, saved: true, published: false };
}

/** Publishes a version, an older one too; says which was published before. Publishing what is published changes nothing. */
export async function publishVersion(
  tx: Queryable,
  key: TextKey,
  version: TextVersion,
  author: string,
): Promise<{ readonly before: number | null }> {
  const head = await lockHead(tx, key);
  if (head === undefined) throw textNotFound(key);
  if (head.published !== version.number) {
    await tx.query(sql`
      update letter_heads h set published = ${version.id}::bigint
      where h.kind = ${key.kind} and h.code = ${key.code} and h.language = ${key.language}`);
    await tx.query(sql`insert into letter_publications (version, created_by) values (${version.id}::bigint, ${author})`);
  }
  return { before: head.published };
}

/** Takes a text out of use; its versions stay. Says which was published. */
export async function withdrawText(tx: Queryable, key: TextKey): Promise<{ readonly before: number | null }> {
  const head = await lockHead(tx, key);
  if (head === undefined) throw textNotFound(key);
  await tx.query(sql`
    update letter_heads h set published = null
    where h.kind = ${key.kind} and h.code = ${key.code} and h.language = ${key.language}`);
  return { before: head.published };
}

/** The version with that number; without one the newest. */
export async function readVersion(db: Queryable, key: TextKey, number?: number): Promise<TextVersion> {
  const { rows } = await db.query<TextVersion>(sql`
    select ${versionColumns} from letter_versions v
    where v.kind = ${key.kind} and v.code = ${key.code} and v.language = ${key.language}
      and (${number ?? null}::integer is null or v.number = ${number ?? null}::integer)
    order by v.number desc limit 1`);
  if (rows[0] !== undefined) return rows[0];
  throw number === undefined ? textNotFound(key) : versionNotFound(key, number);
}

/** The published version, if there is one. */
export async function readPublished(db: Queryable, key: TextKey): Promise<TextVersion | undefined> {
  const { rows } = await db.query<TextVersion>(sql`
    select ${versionColumns} from letter_heads h join letter_versions v on v.id = h.published
    where h.kind = ${key.kind} and h.code = ${key.code} and h.language = ${key.language}`);
  return rows[0];
}

/** Number of the version that was published before the present one, going back through those that still differ from it. */
export async function versionBefore(db: Queryable, key: TextKey): Promise<number | undefined> {
  const { rows } = await db.query<{ number: number }>(sql`
    select v.number
    from letter_publications p
    join letter_versions v on v.id = p.version
    join letter_heads h on h.kind = v.kind and h.code = v.code and h.language = v.language
    where v.kind = ${key.kind} and v.code = ${key.code} and v.language = ${key.language}
      and v.id is distinct from h.published
      and p.id < coalesce((select min(n.id) from letter_publications n where n.version = h.published), p.id + 1)
    order by p.id desc limit 1`);
  return rows[0]?.number;
}

/** Newest first. */
export async function listVersions(db: Queryable, key: TextKey): Promise<VersionHead[]> {
  const { rows } = await db.query<VersionHead>(sql`
    select v.number, v.note, v.created_at, v.created_by, p.created_at as published_at, p.created_by as published_by,
      case when v.id = h.published then 'published'
        when p.id is not null then 'former'
        when v.number > coalesce(current.number, 0) and v.id = h.latest then 'draft'
        else 'unused' end as state
    from letter_versions v
    join letter_heads h on h.kind = v.kind and h.code = v.code and h.language = v.language
    left join letter_versions current on current.id = h.published
    left join lateral (select p.* from letter_publications p where p.version = v.id order by p.id desc limit 1) p on true
    where v.kind = ${key.kind} and v.code = ${key.code} and v.language = ${key.language}
    order by v.number desc`);
  if (rows.length === 0) throw textNotFound(key);
  return rows;
}

export function nameOf(key: TextKey): string {
  return key.kind === 'frame' ? `frame ${key.language}` : `${key.code} ${key.language}`;
}

export function textNotFound(key: TextKey): AppError {
  return key.kind === 'letter'
    ? new AppError('letters.letter_not_found', { type: key.code, language: key.language })
    : new AppError('letters.text_not_found', { text: nameOf(key) });
}

function versionNotFound(key: TextKey, number: number): AppError {
  return new AppError('letters.version_not_found', { text: nameOf(key), version: number });
}

async function lockHead(tx: Queryable, key: TextKey): Promise<Head | undefined> {
  const { rows } = await tx.query<TextVersion & { published: number | null }>(sql`
    select ${versionColumns}, (select p.number from letter_versions p where p.id = h.published) as published
    from letter_heads h join letter_versions v on v.id = h.latest
    where h.kind = ${key.kind} and h.code = ${key.code} and h.language = ${key.language}
    for update of h`);
  const row = rows[0];
  if (row === undefined) return undefined;
  const { published, ...latest } = row;
  return { latest, published };
}

/** Ends of lines and of the text are as an editor leaves them. */
function sameContent(a: TextContent, b: TextContent): boolean {
  const clean = (text: string | null): string => (text ?? '').replace(/\r\n?/g, '\n').trimEnd();
  const frame = ({ frame: of }: TextContent): string =>
    frameText(of === null ? null : { ...of, header: clean(of.header), footer: clean(of.footer) });
  return clean(a.subject) === clean(b.subject) && clean(a.body) === clean(b.body) && clean(a.sms) === clean(b.sms) && frame(a) === frame(b);
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('The statement returned no row.');
  return row;
}
