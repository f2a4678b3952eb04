/** The letter of a job as one user will get it: true to what the run then does, and without a trace of its own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userActor } from '../../test/support/actors.ts';
import { useTestDatabase } from '../../test/support/database.ts';
import { publishLetter } from '../../test/support/letter-texts.ts';
import { parseMail } from '../../test/support/mail.ts';
import { runsBench } from '../../test/support/runs.ts';
import { senderPorts } from '../../test/support/sender-ports.ts';
import { perform } from '../access/index.ts';
import type { Context } from '../core/index.ts';
import { createMailboxChannel, sendDue } from '../letters/index.ts';
import { previewJob, previewJobLetter } from './index.ts';

const test = useTestDatabase();
const bench = runsBench(test);
const MASK = '••••••••••';
let dataDir = '';
let set = '';

/** Shows everything that a change can touch, and the run. */
const BODY = `Dear {{ user.name }}, {{ user.group }}, valid until {{ user.expiry_date }}, {{ contact.email }}, {{ user.barcode }}.

{% for item in changes %}
- {{ item.label }}: {{ item.old | default: "none" }} → {{ item.new | default: "none" }}
{% endfor %}

{{ run.name }}, {{ run.date }}`;

const PLAN = {
  name: 'Another year',
  changes: [
    { change: 'expiry_date', set: '2031-03-31' },
    { change: 'email', replace: { find: 'anna@', with: 'anna.new@' } },
  ],
  notify: { type: 'GENERAL_NOTICE' },
};
const TO_INTERNAL = { changes: [{ change: 'account_type', set: 'INTERNAL', credentials: 'password' }] };

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'preview-letter-'));
  await publishLetter(test.db.pool, { type: 'GENERAL_NOTICE', language: 'en', subject: 'Until {{ user.expiry_date }}', body: BODY });
  await publishLetter(test.db.pool, { type: 'GENERAL_NOTICE', language: 'de', subject: 'Bis {{ user.expiry_date }}', body: BODY });
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(`delete from suppressed_addresses; insert into suppressed_addresses (channel, address, reason) values ('email', 'gone@example.org', 'bounce');
    update notification_types set one_per_address = false, not_again_days = null where code = 'GENERAL_NOTICE'`);
  const email = (address: string): object[] => [{ address, types: ['personal'] }];
  await bench.users(
    {
      primary_id: 'anna',
      account_type: 'EXTERNAL',
      first_name: 'Anna',
      last_name: 'Amsel',
      preferred_language: 'de',
      expiry_date: '2027-09-30',
      user_emails: email('anna@example.org'),
      user_identifiers: [{ type: 'BARCODE', value: '4711' }],
    },
    { primary_id: 'berta', account_type: 'INTERNAL', last_name: 'Bär', user_emails: email('berta@example.org') },
    { primary_id: 'carl', last_name: 'Carlsen', expiry_date: '2031-03-31', user_emails: email('carl@example.org') },
    { primary_id: 'dora', last_name: 'Dohle', expiry_date: '2027-01-31' },
    { primary_id: 'emil', last_name: 'Elster', user_emails: email('gone@example.org') },
    {
      primary_id: 'fritz',
      last_name: 'Fink',
      user_emails: email('fritz@example.org'),
      user_letter_preferences: [{ code: 'GENERAL_NOTICE', value: false }],
    },
    { primary_id: 'gerd', last_name: 'Geier', user_emails: email('BERTA@example.org') },
    {
      primary_id: 'hanna',
      last_name: 'Huhn',
      preferred_channel: 'print',
      user_addresses: [{ line1: 'Weg 1', city: 'Konstanz', postal_code: '78462', types: [] }],
    },
  );
  set = await bench.set('everyone');
});

const look = (user: string, more: object = {}, ctx: Context = bench.ctx) =>
  perform(ctx, previewJobLetter, { set, plan: PLAN, user, ...more });

/** The only letter of the plan. */
async function letterTo(user: string, more: object = {}) {
  const { letters } = await look(user, more);
  expect(letters).toHaveLength(1);
  return letters[0];
}

/** Every table with its rows, and the number that the next run gets. */
async function everything(): Promise<Readonly<Record<string, unknown>>> {
  const { rows: tables } = await test.db.pool.query<{ name: string }>(`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where pg_table_is_visible(c.oid) and n.nspname not in ('pg_catalog', 'information_schema') and c.relkind in ('r', 'p')
      and c.relname <> 'audit' order by 1`);
  expect(tables.length).toBeGreaterThan(50);
  const all: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await test.db.pool.query<{ n: number; hash: string }>(
      `select count(*)::integer as n, md5(string_agg(t::text, '|' order by t::text)) as hash from "${name}" t`,
    );
    all[name] = rows[0];
  }
  const { rows } = await test.db.pool.query<{ last: number }>('select last_value::integer as last from runs_id_seq');
  return { ...all, runs_id_seq: rows[0]?.last };
}

async function send(): Promise<void> {
  await sendDue({ ...bench.ctx, db: test.db, dataDir }, senderPorts(createMailboxChannel(dataDir)));
}

describe('job.preview_letter', () => {
  it('fills a letter with the record as the plan leaves it, and leaves the record as it is', async () => {
    const letter = await letterTo('ANNA');
    expect(letter).toMatchObject({
      type: 'GENERAL_NOTICE',
      outcome: 'queued',
      reason: null,
      channel: 'email',
      to: 'anna.new@example.org',
      name: 'Anna Amsel',
      language: 'de',
      subject: 'Bis 31. März 2031',
      problem: null,
    });
    expect(letter?.text).toContain('valid until 31. März 2031');
    expect(letter?.text).toContain('30. September 2027 → 31. März 2031');
    expect(letter?.text).toContain('anna@example.org → anna.new@example.org');
    expect(letter?.text).toContain('Another year');
    expect(letter?.html).toContain('31. März 2031');
    expect(await bench.value('anna', 'expiry_date')).toBe('2027-09-30');
    expect(await bench.value('anna', 'version')).toBe(1);
    const english = await letterTo('anna', { language: 'en', forms: ['text'], name: 'Named otherwise' });
    expect(english).toMatchObject({ language: 'en', subject: 'Until 31 March 2031', html: null });
    expect(english?.text).toContain('Named otherwise');
  });

  it('leaves nothing behind but who has looked at whose letter', async () => {
    const before = await everything();
    await look('anna', { plan: { ...PLAN, changes: [...PLAN.changes, ...TO_INTERNAL.changes] } });
    await look('dora', { set: undefined, plan: { changes: [{ change: 'block', add: { description: '02-GLOBAL', note: 'x' } }] } });
    await expect(look('anna', { plan: { ...PLAN, notify: { type: 'NONE_SUCH' } } })).rejects.toThrow();
    expect(await everything()).toEqual(before);
    const { rows } = await test.db.pool.query(
      `select operation, entity, entity_id, outcome, detail ->> 'set' as set from audit order by id desc limit 3`,
    );
    expect(rows[2]).toEqual({ operation: 'job.preview_letter', entity: 'user', entity_id: 'anna', outcome: 'done', set });
    // The look sees a difference where there is one.
    await bench.run(set, PLAN);
    expect(await everything()).not.toEqual(before);
  });

  it('shows a dummy where the letter will bring a password or a link', async () => {
    const letter = await letterTo('anna', { plan: TO_INTERNAL });
    expect(letter).toMatchObject({ type: 'CREDENTIALS_CHANGED', credentials: true, outcome: 'queued', problem: null });
    expect(letter?.text).toMatch(new RegExp(`Passwort: +${MASK}`));
    expect(letter?.html).toContain(MASK);
    const link = await letterTo('anna', { plan: { changes: [{ ...TO_INTERNAL.changes[0], credentials: 'link' }] } });
    expect(link?.text).toContain(MASK);
    expect(link?.text).not.toMatch(/https?:\/\/\S+set-password|\?token=/);
    expect(await bench.value('anna', 'account_type')).toBe('EXTERNAL');
    expect(await bench.value('anna', 'credential_state')).not.toBe('pending');
    const { letters } = await look('berta', { plan: { ...PLAN, changes: [...PLAN.changes, ...TO_INTERNAL.changes] } });
    expect(letters.map((each) => [each.type, each.outcome, each.reason])).toEqual([
      ['CREDENTIALS_CHANGED', 'not_chosen', 'This user gets no new password or link, so no letter that brings one.'],
      ['GENERAL_NOTICE', 'queued', null],
    ]);
  });

  it('says why somebody would get none', async () => {
    const why = async (user: string, more: object = {}) => {
      const letter = await letterTo(user, more);
      expect(letter).toMatchObject({ channel: null, to: null, subject: '', text: null, html: null });
      return [letter?.outcome, letter?.reason];
    };
    expect(await why('dora')).toEqual(['no_address', 'This user has no address that can be used.']);
    expect(await why('emil')).toEqual(['suppressed', 'Every address of this user is suppressed.']);
    expect(await why('fritz')).toEqual(['opted_out', 'This user does not want letters of this kind.']);
    expect(await why('carl')).toEqual(['not_chosen', expect.stringContaining('Nothing changes for this user')]);
    const onlyAnna = { ...PLAN, changes: [{ change: 'expiry_date', set: '2031-03-31', when: 'primary_id = "anna"' }] };
    expect(await why('berta', { plan: onlyAnna })).toEqual(['not_chosen', expect.stringMatching(/^The job skips this user: .+/)]);
    await test.db.pool.query(`update notification_types set not_again_days = 30 where code = 'GENERAL_NOTICE'`);
    await bench.run(set, { notify: { type: 'GENERAL_NOTICE' } });
    const german = { ...bench.ctx, language: 'de' as const, db: test.db };
    const again = (await look('anna', {}, german)).letters[0];
    expect([again?.outcome, again?.reason]).toEqual(['not_again', expect.stringContaining('Innerhalb von 30 Tagen')]);
  });

  it('knows that an address gets one letter, and who is first', async () => {
    await test.db.pool.query(`update notification_types set one_per_address = true where code = 'GENERAL_NOTICE'`);
    expect(await letterTo('berta')).toMatchObject({ outcome: 'queued' });
    expect(await letterTo('gerd')).toMatchObject({ outcome: 'same_address' });
    // By themselves, or where the other gets none, they get it.
    expect(await letterTo('gerd', { set: undefined })).toMatchObject({ outcome: 'queued' });
    const notBerta = { ...PLAN, changes: [{ change: 'expiry_date', set: '2031-03-31', when: 'primary_id != "berta"' }] };
    expect(await letterTo('gerd', { plan: notBerta })).toMatchObject({ outcome: 'queued' });
  });

  it('prints with the address as the plan leaves it', async () => {
    const plan = { ...PLAN, changes: [{ change: 'address', remove: { any: true } }] };
    expect(await letterTo('hanna', { forms: ['print'] })).toMatchObject({
      channel: 'print',
      to: null,
      print: { pages: 1, no_place: null },
    });
    expect(await letterTo('hanna', { plan, forms: ['print'] })).toMatchObject({ outcome: 'no_address' });
  });

  it('says whether the job has the user at all', async () => {
    const few = await bench.set('primary_id = "anna"');
    expect(await look('anna', { set: few })).toMatchObject({ user: 'anna', in_set: true, outcome: 'changed' });
    expect(await look('berta', { set: few })).toMatchObject({ in_set: false });
    expect(await look('berta', { set: undefined })).toMatchObject({ in_set: null });
    await expect(look('nobody')).rejects.toMatchObject({ code: 'letters.user_not_found' });
  });

  it('refuses what the preview refuses, and whoever may see no letters', async () => {
    const manager = { ...bench.ctx, db: test.db, actor: await userActor(test.db.pool, ['21']) };
    const plan = { changes: [{ change: 'role', add: { type: '26', scope: 'INSTITUTION' } }] };
    const refused = async (run: Promise<unknown>): Promise<unknown> =>
      (await run.catch((error: { code?: string }) => error.code)) ?? 'done';
    await test.db.pool.query('update sets set private = false');
    const code = await refused(perform(manager, previewJob, { set, plan }));
    expect(code).toMatch(/\./);
    expect(await refused(look('anna', { plan }, manager))).toBe(code);
    expect(await refused(look('anna', { plan: { changes: [] } }))).toBe('input.invalid');
    await test.db.pool.query(
      `insert into access_roles (role, privileges) values ('no letters', '{jobs:run,sets:read}') on conflict do nothing`,
    );
    const blind = { ...bench.ctx, db: test.db, actor: await userActor(test.db.pool, ['no letters']) };
    expect(await refused(perform(blind, previewJob, { set, plan: { notify: PLAN.notify } }))).not.toBe('access.denied');
    expect(await refused(look('anna', {}, blind))).toBe('access.denied');
  });

  it('waits for nobody who works on the user, and lets the next one at once', async () => {
    const started = performance.now();
    await test.db.transaction(async (tx) => {
      await tx.query(`select from users where primary_id = 'anna' for update`);
      await expect(look('anna')).rejects.toMatchObject({ code: 'runs.user_busy' });
      await expect(look('berta')).resolves.toMatchObject({ outcome: 'changed' });
    });
    expect(performance.now() - started).toBeLessThan(8_000);
    expect((await look('anna')).outcome).toBe('changed');
  });

  it('shows what the run then sends', async () => {
    const plan = { ...PLAN, changes: [...PLAN.changes, ...TO_INTERNAL.changes] };
    const people = ['anna', 'berta', 'carl', 'dora', 'emil', 'fritz', 'gerd', 'hanna'];
    const foreseen = new Map<string, { subject: string; text: string; to: string | null; language: string | null }>();
    for (const user of people) {
      for (const letter of (await look(user, { plan })).letters) {
        const { subject, text, to, language, type, outcome, channel } = letter;
        if (outcome === 'queued' && channel === 'email') foreseen.set(`${user} ${type}`, { subject, text: text ?? '', to, language });
      }
    }
    const run = await bench.run(set, plan);
    await send();
    const { rows } = await test.db.pool.query<{ key: string; file: string; to: string; language: string }>(sql`
      select u.primary_id || ' ' || o.letter as key, o.file, o.address as to, o.language from outbox o join users u on u.id = o.user_id
      where o.run_id = ${run.id}::bigint and o.state = 'sent'`);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map((row) => row.key).sort()).toEqual([...foreseen.keys()].sort());
    for (const { key, file, to, language } of rows) {
      const mail = parseMail(await readFile(path.join(dataDir, file)));
      const shown = foreseen.get(key);
      const password = key.endsWith('CREDENTIALS_CHANGED') ? /(?:Passwort|Password): +(\S+)/.exec(mail.text)?.[1] : undefined;
      const masked = password === undefined ? mail.text : mail.text.replaceAll(password, MASK);
      expect(masked.trim()).toBe(shown?.text.trim());
      expect({ to, language }).toEqual({ to: shown?.to, language: shown?.language });
      if (!key.endsWith('CREDENTIALS_CHANGED')) expect(shown?.subject).toContain('2031');
      else expect(password).not.toBe(MASK);
    }
  });
});
