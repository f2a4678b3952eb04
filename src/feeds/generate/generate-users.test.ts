import { expect, it } from 'vitest';
import { forEachEngine, useTestDatabase } from '../../../test/support/database.ts';
import type { Context, Database, Progress } from '../../core/index.ts';
import { generateUsers } from './index.ts';

function contextOn(db: Database, onProgress?: (progress: Progress) => void): Context {
  return {
    db,
    actor: { kind: 'administrator', name: 'administrator' },
    source: 'cli',
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: '/',
    doorbell: { ring: () => Promise.resolve() },
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}

/** Everything that says how the tables are built, to see that a bare load puts all of it back. */
const STRUCTURE = `
  select 'constraint ' || c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) || c.convalidated as line
  from pg_constraint c where c.connamespace = 'muster'::regnamespace
  union all select 'index ' || pg_get_indexdef(i.indexrelid) || i.indisvalid
  from pg_index i join pg_class k on k.oid = i.indrelid where k.relnamespace = 'muster'::regnamespace
  union all select 'trigger ' || pg_get_triggerdef(t.oid) || t.tgenabled::text
  from pg_trigger t join pg_class k on k.oid = t.tgrelid where k.relnamespace = 'muster'::regnamespace and not t.tgisinternal
  union all select 'sequence ' || s.seqrelid::regclass || ' ' || s.seqcache
  from pg_sequence s join pg_class k on k.oid = s.seqrelid where k.relnamespace = 'muster'::regnamespace
  order by 1`;

const CONTENT = `
  select to_jsonb(u) - '{id,created_at,modified_at}'::text[] as scalars,
    (select jsonb_agg(to_jsonb(i) - '{id,user_id}'::text[] order by i.id) from user_identifiers i where i.user_id = u.id) as identifiers,
    (select jsonb_agg(to_jsonb(e) - '{id,user_id}'::text[] order by e.id) from user_emails e where e.user_id = u.id) as emails,
    (select jsonb_agg(to_jsonb(r) - '{id,user_id,created_at}'::text[] order by r.id) from user_roles r where r.user_id = u.id) as roles,
    (select jsonb_agg(to_jsonb(c) - '{id,user_id}'::text[] order by c.id) from circulation c where c.user_id = u.id) as circulation
  from users u order by u.primary_id`;

forEachEngine((engine) => {
  const bulk = useTestDatabase(engine);
  const plain = useTestDatabase(engine);
  const lines = async (db: Database, text: string): Promise<unknown[]> => (await db.pool.query(text)).rows;
  const one = async (db: Database, text: string): Promise<number> => Number(Object.values((await db.pool.query(text)).rows[0])[0]);

  it('loads an empty library bare and puts every key, index, trigger and sequence back', async () => {
    const before = await lines(bulk.db, STRUCTURE);
    const seen: Progress[] = [];
    const result = await generateUsers.run(
      contextOn(bulk.db, (progress) => seen.push(progress)),
      { count: 2_500, seed: 7 },
    );
    expect(result).toMatchObject({ created: 2_500, seed: 7, first_id: 'mu00000001', last_id: 'mu00002500' });
    expect(await lines(bulk.db, STRUCTURE)).toEqual(before);
    expect(seen.filter((progress) => progress.stage === 'Making users').at(-1)).toMatchObject({ done: 2_500, total: 2_500 });
    expect((await bulk.db.pool.query('select kind, name, state, members, created_by from runs')).rows).toEqual([
      { kind: 'import', name: 'Sample library', state: 'COMPLETED_SUCCESS', members: 2_500, created_by: 'administrator' },
    ]);
  });

  it('gives the same users for the same seed, whichever way they are loaded, and goes on after the highest', async () => {
    await generateUsers.run(contextOn(plain.db), { count: 1_500, seed: 7 });
    const second = await generateUsers.run(contextOn(plain.db), { count: 1_000, seed: 7 });
    expect(second).toMatchObject({ first_id: 'mu00001501', last_id: 'mu00002500' });
    expect(await lines(plain.db, CONTENT)).toEqual(await lines(bulk.db, CONTENT));
    const more = await generateUsers.run(contextOn(plain.db), { count: 2_100, seed: 8 });
    expect(more).toMatchObject({ first_id: 'mu00002501', last_id: 'mu00004600' });
    expect(await one(plain.db, 'select count(*) from users')).toBe(4_600);
  });

  it('fills keys and search text as the database itself would', async () => {
    for (const { db } of [bulk, plain]) {
      expect(
        await one(
          db,
          `
        select count(*) from (
          (select k.key, k.user_id from user_keys k)
          except (select fold(u.primary_id), u.id from users u union select fold(i.value), i.user_id from user_identifiers i)) x`,
        ),
      ).toBe(0);
      expect(await one(db, 'select count(*) - (select count(*) from users) - (select count(*) from user_identifiers) from user_keys')).toBe(
        0,
      );
      const texts = await lines(db, 'select s.user_id, s.text, s.last_name, s.first_name from user_search s order by 1');
      await db.transaction(async (tx) => {
        await tx.query('delete from user_search');
        await tx.query('select refresh_user_search(array(select u.id from users u))');
      });
      expect(await lines(db, 'select s.user_id, s.text, s.last_name, s.first_name from user_search s order by 1')).toEqual(texts);
    }
  });

  it('makes a believable library', async () => {
    const share = (condition: string) => one(bulk.db, `select round(100.0 * count(*) filter (where ${condition}) / count(*)) from users u`);
    expect(await share(`u.account_type = 'EXTERNAL' and u.external_id = 'SIS'`)).toBeGreaterThan(65);
    expect(await share(`u.account_type = 'INTERNAL'`)).toBeGreaterThan(25);
    expect(await share('u.expiry_date < current_date')).toBeGreaterThan(10);
    expect(await share('u.expiry_date > current_date')).toBeGreaterThan(40);
    expect(await share(`not exists (select from user_emails e where e.user_id = u.id)`)).toBe(2);
    expect(await share(`exists (select from user_blocks b where b.user_id = u.id)`)).toBeGreaterThan(3);
    expect(await one(bulk.db, `select count(*) from user_emails e where e.address !~ '^[a-z.0-9-]+@example[.]org$'`)).toBe(0);
    // Seven of 2,500 are staff, the first of them the user administrator.
    expect(await one(bulk.db, `select count(distinct r.user_id) from user_roles r where r.type <> '200'`)).toBe(8);
    expect(
      await lines(
        bulk.db,
        `
      select u.primary_id, u.status from users u join user_roles r on r.user_id = u.id where r.type = '50'`,
      ),
    ).toEqual([{ primary_id: 'mu00000001', status: 'ACTIVE' }]);
    // A class has one expiry date, and is worth making a set of.
    expect(
      await one(
        bulk.db,
        `
      select count(*) from (
        select u.job_description from users u where u.job_description like 'Class of %'
        group by u.job_description having count(*) < 50 or count(distinct u.expiry_date) > 1) x`,
      ),
    ).toBe(0);
    expect(
      await one(
        bulk.db,
        `
      select count(*) from users u, lateral (
        select count(*) filter (where c.kind = 'loan') as loans, count(*) filter (where c.kind = 'request') as requests,
               coalesce(sum(c.amount), 0) as fees
        from circulation c where c.user_id = u.id) x
      where u.loans <> x.loans or u.requests <> x.requests or u.fees <> x.fees`,
      ),
    ).toBe(0);
  });

  it('uses only codes that the code tables have', async () => {
    expect(
      await lines(
        bulk.db,
        `
      select distinct x.table_name, x.code from (
        select 'UserGroups' as table_name, u.user_group as code from users u
        union all select 'Campuses', u.campus_code from users u
        union all select 'JobTitles', u.job_category from users u
        union all select 'UserTitles', u.user_title from users u
        union all select 'Genders', u.gender from users u
        union all select 'UserPreferredLanguage', u.preferred_language from users u
        union all select 'CatalogerLevel', u.cataloger_level from users u
        union all select 'UserIdentifierTypes', i.type from user_identifiers i
        union all select 'CountryCodes', a.country from user_addresses a
        union all select 'AddressTypes', unnest(a.types) from user_addresses a
        union all select 'EmailTypes', unnest(e.types) from user_emails e
        union all select 'PhoneTypes', unnest(p.types) from user_phones p
        union all select 'NoteTypes', n.type from user_notes n
        union all select 'UserBlockTypes', b.type from user_blocks b
        union all select 'UserBlockDescription', b.description from user_blocks b
        union all select 'UserRoles', r.type from user_roles r
        union all select 'Scopes', r.scope from user_roles r
        union all select 'RoleParameterTypes', p.value ->> 'type' from user_roles r, jsonb_array_elements(r.parameters) p
        union all select 'RoleParameterValues', p.value ->> 'value' from user_roles r, jsonb_array_elements(r.parameters) p
        union all select 'UserStatCategories', s.category from user_statistics s
        union all select 'UserStatisticalTypes', s.type from user_statistics s
        union all select 'Libraries', l.code from user_rs_libraries l
        union all select 'LibraryNotices', l.code from user_letter_preferences l) x
      where x.code is not null
        and not exists (select from codes c where c.table_name = x.table_name and c.code = x.code)`,
      ),
    ).toEqual([]);
  });

  it('leaves nothing behind when an id is already taken', async () => {
    const counts = 'select (select count(*) from users) + (select count(*) from runs) as n';
    await plain.db.pool.query(`insert into users (primary_id) values ('MU00004601')`);
    const before = await one(plain.db, counts);
    await expect(generateUsers.run(contextOn(plain.db), { count: 10, seed: 1 })).rejects.toMatchObject({ code: '23505' });
    expect(await one(plain.db, counts)).toBe(before);
  });
});
