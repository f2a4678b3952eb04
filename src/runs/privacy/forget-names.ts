/** What the rest of the database says of users who are being erased (temporary tables of `erase-users.ts`). */
import type { PoolClient } from 'pg';
import sql, { raw } from 'sql-template-tag';

/** Columns that keep the name of whoever did something. */
const ACTOR_COLUMNS = ['actor', 'created_by', 'modified_by', 'owner', 'decided_by', 'revoked_by', 'made_by', 'paused_by', 'received_by'];

/** Tables that grow with users: looked through only for people who were staff or started runs. */
const LARGE = ['users', 'user_notes', 'user_blocks'];

/** JSON that people write, in which a user may be named by a key: filters and plans. */
const WRITTEN = [
  { table: 'sets', column: 'filter', where: 'true' },
  { table: 'templates', column: 'plan', where: 'true' },
  { table: 'schedules', column: 'plan', where: 'true' },
  { table: 'previews', column: 'plan', where: 'true' },
  { table: 'run_rejections', column: 'params', where: 'true' },
  { table: 'feed_files', column: 'problem', where: 'true' },
  // Those over a single user are emptied by `erase-users.ts`; there may be a million of them.
  { table: 'runs', column: 'plan', where: `t.kind <> 'edit' and not (t.kind = 'import' and t.members = 1)` },
  { table: 'runs', column: 'words', where: `t.kind <> 'edit' and not (t.kind = 'import' and t.members = 1)` },
] as const;

export async function forgetNames(tx: PoolClient): Promise<void> {
  await forgetInAudit(tx);
  await forgetInTexts(tx);
  await forgetAsActors(tx);
}

/**
 * Rows of the audit stay. The id of a user goes out of them; numbers of other things are no ids of
 * users. Of the details, every entry goes that holds one of the person's keys or last names as a word,
 * so a search text may go that meant a namesake: forgetting too much does no harm here.
 */
async function forgetInAudit(tx: PoolClient): Promise<void> {
  await tx.query(`
    update audit a set entity_id = null
    where (a.entity = 'user' or a.entity_id !~ '^[0-9]+$')
      and fold(a.entity_id) in (select w.word from erasing_words w where w.kind = 'key')`);
  await tx.query(`
    update audit a set detail = (
      select jsonb_object_agg(d.key, d.value) from jsonb_each(a.detail) d
      where not exists (select from words_in(d.value) v where v in (select w.word from erasing_words w where w.kind in ('key', 'name'))))
    where jsonb_typeof(a.detail) = 'object'
      and exists (select from words_in(a.detail) v where v in (select w.word from erasing_words w where w.kind in ('key', 'name')))`);
}

async function forgetInTexts(tx: PoolClient): Promise<void> {
  await tx.query(`
    delete from set_file_lines l where fold(l.value) in (select w.word from erasing_words w where w.kind = 'key')`);
  // The words of a filter, as somebody typed them.
  await tx.query(`
    update sets t set source = t.source || '{"what": "[erased]"}'
    where exists (select from words_in(t.source -> 'what') v where v in (select w.word from erasing_words w where w.kind = 'key'))`);
  // An answer that is not kept is answered as such when the request comes again.
  await tx.query(`
    update idempotency_keys t set body = null
    where exists (select from words_in(t.body) v where v in (select w.word from erasing_words w where w.kind = 'key'))`);
  // A record of theirs that a feed brought and that was not taken: what stood in the wrong field is theirs, whatever it is.
  await tx.query(`
    update run_rejections t set params = t.params || '{"value": "[erased]"}' from erasing e where e.user_id = t.user_id and t.params ? 'value'`);
  await tx.query(`
    update feed_profiles t set tell = array(select x.name from unnest(t.tell) x (name) where fold(x.name) not in (
      select w.word from erasing_words w where w.kind = 'key'))
    where exists (select from unnest(t.tell) x (name) where fold(x.name) in (select w.word from erasing_words w where w.kind = 'key'))`);
  await tx.query(`delete from sign_in_throttle t using erasing e where t.key = 'user:' || e.user_id`);
  for (const { table, column, where } of WRITTEN) {
    await tx.query(`
      update ${table} t set ${column} = without_words(t.${column}, array(select w.word from erasing_words w where w.kind = 'key'))
      where ${where} and t.${column} is not null
        and exists (select from jsonb_path_query(t.${column}, 'strict $.**') leaf
          where jsonb_typeof(leaf) = 'string' and fold(leaf #>> '{}') in (select w.word from erasing_words w where w.kind = 'key'))`);
  }
}

/** A schedule whose owner is gone does not start; a set or template of theirs is the administrator's to look after. */
async function forgetAsActors(tx: PoolClient): Promise<void> {
  await tx.query(`update schedules s set enabled = false, next_at = null from erasing_words w where w.kind = 'actor' and w.word = s.owner`);
  await tx.query(`delete from idempotency_keys t using erasing_words w where w.kind = 'actor' and w.word = t.actor`);
  await tx.query(`update audit a set address = null from erasing_words w where w.kind = 'actor' and w.word = a.actor`);
  // Somebody's own doing, such as a forgotten password, has their name in the run's.
  await tx.query(`
    update runs r set name = '[erased]' from erasing_words w
    where w.kind = 'actor' and w.word = r.created_by and r.kind = 'edit' and strpos(r.name, w.word) > 0`);
  const { rows: acted } = await tx.query<{ word: string }>(`
    select w.word from erasing_words w where w.kind = 'actor' and (
      w.word in (select r.created_by from runs r)
      or exists (select from erasing e join user_roles r on r.user_id = e.user_id where r.type <> '200'))`);
  const { rows: columns } = await tx.query<{ table_name: string; column_name: string }>(sql`
    select c.table_name::text, c.column_name::text from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
    where c.table_schema = current_schema() and c.data_type = 'text' and c.column_name = any (${ACTOR_COLUMNS}::text[])
    order by 1, 2`);
  for (const { table_name, column_name } of columns) {
    if (LARGE.includes(table_name) && acted.length === 0) continue;
    // Names out of the catalogue of the database itself.
    const [table, column] = [raw(`"${table_name}"`), raw(`"${column_name}"`)];
    await tx.query(sql`update ${table} t set ${column} = '[erased]' from erasing_words w where w.kind = 'actor' and w.word = t.${column}`);
  }
  if (acted.length > 0) await forgetInJournal(tx);
}

/** Notes and blocks that they wrote into other people's records stand in the journal with their name. */
async function forgetInJournal(tx: PoolClient): Promise<void> {
  const words = `array(select fold(w.word) from erasing_words w where w.kind = 'actor')`;
  const named = (column: string): string =>
    `exists (select from erasing_words w where w.kind = 'actor' and strpos(${column}::text, to_json(w.word)::text) > 0)`;
  await tx.query(`update journal t set diff = without_words(t.diff, ${words}) where ${named('t.diff')}`);
  await tx.query(`update runs t set row_templates = without_words(t.row_templates, ${words}) where ${named('t.row_templates')}`);
}
