/** Who is written to by a run: as its preview counted, once, and of what was published when it was confirmed. */
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { publishLetter } from '../../test/support/letter-texts.ts';
import { runsBench, type SeedUser } from '../../test/support/runs.ts';

const test = useTestDatabase();
const bench = runsBench(test);

const LANGUAGES = ['de', 'en', 'fr', 'it'] as const;
const SUPPRESSED = ['gone@example.org', 'full@example.org'];

beforeAll(async () => {
  for (const language of LANGUAGES) {
    await publishLetter(test.db.pool, {
      type: 'GENERAL_NOTICE',
      language,
      body: 'Hello',
      subject: `Notice ${language}`,
      ...(language === 'it' ? {} : { sms: 'Hello' }),
    });
  }
  await setting('letters.sms.enabled', true);
});
beforeEach(async () => {
  await bench.clear();
  await test.db.pool.query(`delete from suppressed_addresses;
    insert into suppressed_addresses (channel, address, reason) select 'email', a, 'bounce' from unnest(array['${SUPPRESSED.join("','")}']) a;
    update notification_types set one_per_address = false, not_again_days = null, once_per = null, essential = false where code = 'GENERAL_NOTICE'`);
});

async function setting(name: string, value: unknown): Promise<void> {
  await test.db.pool.query(sql`insert into settings (name, value) values (${name}, ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set value = excluded.value`);
}

async function type(set: string): Promise<void> {
  await test.db.pool.query(`update notification_types set ${set} where code = 'GENERAL_NOTICE'`);
}

interface Ledger {
  readonly user: string;
  readonly letter: string;
  readonly channel: string;
  readonly state: string;
  readonly language: string;
  readonly address: string | null;
  readonly version: number | null;
  readonly once_for: string | null;
  readonly error: string | null;
}

async function ledger(run: number): Promise<Ledger[]> {
  const { rows } = await test.db.pool.query<Ledger>(sql`
    select u.primary_id as user, o.letter, o.channel, o.state, o.language, o.address, o.letter_version as version, o.once_for, o.last_error as error
    from outbox o join users u on u.id = o.user_id where o.run_id = ${run}::bigint order by u.id, o.letter`);
  return rows;
}

const NOTICE = { notify: { type: 'GENERAL_NOTICE' } };

function count<T>(rows: readonly T[], matches: (row: T) => boolean): number {
  return rows.filter(matches).length;
}

/** What the ledger holds of a letter, in the words of the preview. */
function counted(rows: readonly Ledger[]): object {
  const channels: Record<string, Record<string, number>> = {};
  for (const row of rows.filter((r) => r.state === 'queued')) {
    const own = channels[row.channel] ?? {};
    own[row.language] = (own[row.language] ?? 0) + 1;
    channels[row.channel] = own;
  }
  return {
    queued: count(rows, (r) => r.state === 'queued'),
    no_address: count(rows, (r) => r.state === 'no_address'),
    suppressed: count(rows, (r) => r.state === 'suppressed' && r.error === 'letters.suppressed'),
    same_address: count(rows, (r) => r.error === 'letters.same_address'),
    channels,
  };
}

interface Parts {
  readonly recipients: number;
  readonly queued: number;
  readonly no_address: number;
  readonly suppressed: number;
  readonly opted_out: number;
  readonly not_again: number;
  readonly once: number;
  readonly same_address: number;
}

function sumOf(letter: Parts): number {
  return letter.queued + letter.no_address + letter.suppressed + letter.opted_out + letter.not_again + letter.once + letter.same_address;
}

describe('a thousand users', () => {
  /** A user of every kind in turn: four languages, three channels, and those whom nothing reaches. */
  const someone = (i: number): SeedUser => ({
    primary_id: `u${i}`,
    preferred_language: LANGUAGES[i % 4],
    ...(i % 3 === 0 ? { preferred_channel: 'print' } : i % 5 === 0 ? { preferred_channel: 'sms' } : {}),
    user_emails: i % 7 === 0 ? [] : i % 41 === 0 ? [{ address: SUPPRESSED[0], types: [] }] : [{ address: `u${i}@example.org`, types: [] }],
    user_phones: i % 2 === 0 || i % 5 === 0 ? [{ number: `+49 7531 ${1000 + i}`, preferred_sms: true, types: [] }] : [],
    user_addresses: i % 6 === 0 || i % 11 === 0 ? [{ line1: `Straße ${i}`, city: 'Konstanz', types: [] }] : [],
    user_letter_preferences: i % 50 === 0 ? [{ code: 'GENERAL_NOTICE', value: false }] : [],
  });

  it('in four languages and by three channels: the ledger adds up to a thousand', async () => {
    await bench.users(...Array.from({ length: 1000 }, (_, i) => someone(i)));
    const set = await bench.set('everyone');
    const preview = await bench.preview(set, NOTICE);
    const run = await bench.run(set, NOTICE, { digest: preview.digest });
    const rows = await ledger(run.id);
    const { letters } = preview;

    expect(letters.recipients).toBe(1000);
    expect(sumOf(letters)).toBe(1000);
    expect(rows.length + letters.opted_out).toBe(1000);
    expect(letters).toMatchObject(counted(rows));
    expect(run.letters).toMatchObject({ ...counted(rows), recipients: 1000, opted_out: letters.opted_out });
    expect(Object.keys(letters.channels).sort()).toEqual(['email', 'print', 'sms']);
    for (const channel of ['email', 'print']) expect(Object.keys(letters.channels[channel] ?? {}).sort()).toEqual([...LANGUAGES]);
    // The Italian letter has no text for SMS.
    expect(Object.keys(letters.channels['sms'] ?? {}).sort()).toEqual(['de', 'en', 'fr']);
    for (const part of ['no_address', 'suppressed', 'opted_out'] as const) expect(letters[part]).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.language).toBe(LANGUAGES[Number(row.user.slice(1)) % 4]);
      if (row.state === 'queued') expect(row.address !== null).toBe(row.channel !== 'print');
    }
  });
});

const email = fc.record({
  address: fc.constantFrom('a@example.org', 'A@example.org', 'b@example.org', 'c@example.org', ...SUPPRESSED, 'not an address'),
  preferred: fc.option(fc.boolean()),
  types: fc.constantFrom([], ['personal'], ['work'], ['school', 'work']),
});
const user = fc.record({
  preferred_language: fc.option(fc.constantFrom(...LANGUAGES, 'es', 'de-AT')),
  preferred_channel: fc.option(fc.constantFrom('email', 'sms', 'print')),
  expiry_date: fc.option(fc.constantFrom('2027-01-31', '2028-02-29')),
  user_emails: fc.array(email, { maxLength: 3 }),
  user_phones: fc.array(
    fc.record({ number: fc.constantFrom('+49 7531 1234', '0171/55', 'x'), preferred_sms: fc.boolean(), types: fc.constant([]) }),
    { maxLength: 2 },
  ),
  user_addresses: fc.array(
    fc.record({
      line1: fc.option(fc.constant('Line 1')),
      city: fc.option(fc.constant('Konstanz')),
      end_date: fc.option(fc.constantFrom('2020-01-01', '2099-01-01')),
      types: fc.constant([]),
    }),
    { maxLength: 2 },
  ),
  user_letter_preferences: fc.uniqueArray(fc.record({ code: fc.constantFrom('GENERAL_NOTICE', 'WELCOME'), value: fc.boolean() }), {
    selector: (row) => row.code,
    maxLength: 2,
  }),
});
const changes = fc.array(
  fc.constantFrom(
    { change: 'expiry_date', set: '2028-02-29' },
    { change: 'expiry_date', clear: true },
    { change: 'preferred_language', set: 'de' },
    { change: 'preferred_channel', set: 'print', when: 'has email' },
    { change: 'preferred_channel', clear: true },
    { change: 'email', remove: { types: 'work' } },
    { change: 'email', replace: { find: 'gone', with: 'd' } },
    { change: 'phone', sms: 'off' },
    { change: 'letter_preference', opt_out: 'GENERAL_NOTICE', when: 'expiry_date = "2027-01-31"' },
    { change: 'letter_preference', opt_in: 'GENERAL_NOTICE' },
    { change: 'password', reset: 'password', when: 'has email' },
  ),
  { maxLength: 4 },
);

describe('the preview', () => {
  it('counts what the run then does, of any users, types and plans', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(user, { minLength: 1, maxLength: 8 }),
        changes.map((list) => list.filter((c, i) => c.change !== 'password' || list.findIndex((o) => o.change === 'password') === i)),
        fc.record({ to: fc.constantFrom('changed', 'matched', 'all'), channel: fc.constantFrom('preferred', 'email', 'print') }),
        fc.record({ shared: fc.boolean(), again: fc.boolean(), once: fc.boolean(), essential: fc.boolean() }),
        fc.constantFrom('off', 'chosen', 'without_email'),
        async (users, list, notify, rules, print) => {
          await bench.clear();
          await setting('letters.print', notify.channel === 'print' && print === 'off' ? 'chosen' : print);
          await type(
            `one_per_address = ${rules.shared}, not_again_days = ${rules.again ? 10 : 'null'}, once_per = ${rules.once ? "'expiry_date'" : 'null'}, essential = ${rules.essential}`,
          );
          await bench.users(...users.map((one, i) => ({ primary_id: `u${i}`, credential_state: 'password', ...one })));
          // Some have been written to before.
          const set = await bench.set('everyone');
          if (rules.again || rules.once) await bench.run(await bench.set('primary_id in ("u0", "u3", "u4")'), NOTICE);
          const plan = { changes: list, notify: { type: 'GENERAL_NOTICE', ...notify } };

          const preview = await bench.preview(set, plan);
          const { id } = await bench.start(set, plan, { digest: preview.digest });
          await cut(id);
          await bench.work();
          const run = await bench.show(id);
          const rows = await ledger(id);
          for (const [letter, own] of Object.entries(preview.letters.by_type)) {
            expect(sumOf(own)).toBe(own.recipients);
            expect(own).toMatchObject(counted(rows.filter((row) => row.letter === letter)));
          }
          expect(run.letters).toMatchObject(preview.letters);
          expect(rows.length).toBe(
            preview.letters.recipients - preview.letters.opted_out - preview.letters.not_again - preview.letters.once,
          );
          const held = await test.db.pool.query(`select from outbox where next_at = 'infinity'`);
          expect(held.rowCount).toBe(0);
          // Nobody is written to at an address that the plan took away, or that is suppressed.
          const at = rows.filter((row) => row.channel === 'email' && row.address !== null);
          for (const row of at) expect((await bench.rows(row.user, 'user_emails')).map((e) => e['address'])).toContain(row.address);
          expect(at.some((row) => SUPPRESSED.includes(row.address ?? ''))).toBe(false);
          if (rules.shared) {
            const mails = rows
              .filter((r) => r.letter === 'GENERAL_NOTICE' && r.state === 'queued' && r.channel === 'email')
              .map((r) => r.address?.toLowerCase());
            expect(new Set(mails).size).toBe(mails.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  /** One user to a chunk, the last first: who comes first must not depend on it. */
  async function cut(run: number): Promise<void> {
    await test.db.transaction(async (tx) => {
      const { rows } = await tx.query<{ user_id: number }>(
        sql`select m.user_id from run_members m where m.run_id = ${run}::bigint order by 1`,
      );
      await tx.query(sql`delete from run_chunks where run_id = ${run}::bigint`);
      for (const [no, { user_id }] of rows.reverse().entries()) {
        await tx.query(sql`insert into run_chunks (run_id, no, first_user, last_user, members, user_ids)
          values (${run}::bigint, ${no}, ${user_id}, ${user_id}, 1, array[${user_id}::bigint])`);
      }
    });
  }

  it('shows the letter, and a run sends the version that was published then', async () => {
    await bench.users({ primary_id: 'anna', preferred_language: 'fr', user_emails: [{ address: 'anna@example.org', types: [] }] });
    const set = await bench.set('everyone');
    const preview = await bench.preview(set, NOTICE);
    const french = preview.letters.wording.find((w) => w.language === 'fr');
    expect(french).toMatchObject({ type: 'GENERAL_NOTICE', subject: 'Notice fr' });
    const first = await bench.start(set, NOTICE, { digest: preview.digest });
    const next = await publishLetter(test.db.pool, {
      type: 'GENERAL_NOTICE',
      language: 'fr',
      body: 'Bonjour',
      subject: 'Notice fr',
      sms: 'Bonjour',
    });
    // What was not previewed does not go out: neither as this run's letter, nor under that preview.
    await expect(bench.start(set, NOTICE, { digest: preview.digest })).rejects.toMatchObject({ code: 'runs.plan_changed' });
    await bench.work();
    expect(await ledger(first.id)).toMatchObject([{ version: french?.version }]);
    expect((await bench.show(first.id)).letters.wording).toEqual(preview.letters.wording);
    const second = await bench.run(set, NOTICE);
    expect(await ledger(second.id)).toMatchObject([{ version: next }]);
    expect(next).not.toBe(french?.version);
  });

  it('warns of letters with credentials that only reach an institution', async () => {
    await bench.users(
      { primary_id: 'anna', credential_state: 'password', user_emails: [{ address: 'a@uni.example.org', types: ['school'] }] },
      {
        primary_id: 'berta',
        credential_state: 'password',
        user_emails: [
          { address: 'b@uni.example.org', types: ['work'], preferred: true },
          { address: 'b@example.org', types: ['personal'] },
        ],
      },
    );
    const preview = await bench.preview(await bench.set('everyone'), { changes: [{ change: 'password', reset: 'password' }] });
    expect(preview.letters).toMatchObject({ queued: 2, only_institutional: 1 });
    expect(preview.warnings.join()).toMatch(/^1 letters with new credentials/);
  });
});

describe('who gets a letter', () => {
  const people: SeedUser[] = [
    { primary_id: 'changes', user_group: 'STAFF', user_emails: [{ address: 'a@example.org', types: [] }] },
    { primary_id: 'matches', user_group: 'ALUMNI', user_emails: [{ address: 'b@example.org', types: [] }] },
    { primary_id: 'skipped', user_group: 'GRAD', user_emails: [{ address: 'c@example.org', types: [] }] },
  ];

  it.each([
    [undefined, ['changes']],
    ['changed', ['changes']],
    ['matched', ['changes', 'matches']],
    ['all', ['changes', 'matches', 'skipped']],
  ])('with `to` %s: %s', async (to, expected) => {
    await bench.users(...people);
    const plan = {
      changes: [{ change: 'user_group', set: 'ALUMNI', when: 'not user_group = "GRAD"' }],
      notify: { type: 'GENERAL_NOTICE', to },
    };
    const run = await bench.run(await bench.set('everyone'), plan);
    expect((await ledger(run.id)).map((row) => row.user)).toEqual(expected);
  });

  it('everybody, of a plan that changes nothing', async () => {
    await bench.users(...people);
    expect((await bench.run(await bench.set('everyone'), { notify: { type: 'GENERAL_NOTICE', to: 'changed' } })).letters.queued).toBe(3);
  });

  it('nobody on paper where the library does not print', async () => {
    await setting('letters.print', 'off');
    await bench.users(...people);
    const plan = { notify: { type: 'GENERAL_NOTICE', channel: 'print' } };
    await expect(bench.preview(await bench.set('everyone'), plan)).rejects.toMatchObject({ code: 'runs.print_is_off' });
    await setting('letters.print', 'without_email');
  });
});

describe('nobody is written to again', () => {
  const people = Array.from({ length: 300 }, (_, i) => ({
    primary_id: `u${i}`,
    expiry_date: '2027-01-31',
    user_emails: [{ address: `u${i}@example.org`, types: [] }],
  }));

  it.each([
    ['within so many days', 'not_again_days = 30', { not_again: 300 }],
    ['about the same date', `once_per = 'expiry_date'`, { once: 300 }],
  ])('%s: also not by two runs at once', async (_, rule, left) => {
    await type(rule);
    await bench.users(...people);
    const set = await bench.set('everyone');
    const [one, other] = [await bench.start(set, NOTICE), await bench.start(set, NOTICE)];
    await Promise.all([bench.work(), bench.work(), bench.work()]);
    const reports = [await bench.show(one.id), await bench.show(other.id)];
    expect(reports.reduce((sum, r) => sum + r.letters.queued, 0)).toBe(300);
    const { rows } = await test.db.pool.query('select count(*) as rows, count(distinct user_id) as users from outbox');
    expect(rows).toEqual([{ rows: 300, users: 300 }]);
    const third = await bench.run(set, NOTICE);
    expect(third.letters).toMatchObject({ queued: 0, ...left });
  });

  it('within so many days, counted from day to day; what did not go out does not count', async () => {
    await type('not_again_days = 30');
    await bench.users(...people.slice(0, 3));
    const set = await bench.set('everyone');
    const first = await bench.run(set, NOTICE);
    await test.db.pool.query(sql`update runs set today = today - 29 where id = ${first.id}::bigint`);
    await test.db.pool.query(`update outbox set state = 'failed' where user_id = (select id from users where primary_id = 'u1')`);
    expect((await bench.preview(set, NOTICE)).letters).toMatchObject({ queued: 1, not_again: 2 });
    await test.db.pool.query(sql`update runs set today = today - 1 where id = ${first.id}::bigint`);
    expect((await bench.preview(set, NOTICE)).letters).toMatchObject({ queued: 3, not_again: 0 });
  });

  it('about a date that stays; about the next one, which the plan itself sets, again', async () => {
    await type(`once_per = 'expiry_date'`);
    await bench.users(...people.slice(0, 3));
    const set = await bench.set('everyone');
    expect((await ledger((await bench.run(set, NOTICE)).id)).map((r) => r.once_for)).toEqual(Array(3).fill('2027-01-31'));
    const plan = {
      changes: [{ change: 'expiry_date', set: '2028-01-31', when: 'primary_id = "u1"' }],
      notify: { type: 'GENERAL_NOTICE', to: 'all' },
    };
    const next = await bench.run(set, plan);
    expect(next.letters).toMatchObject({ queued: 1, once: 2 });
    expect(await ledger(next.id)).toMatchObject([{ user: 'u1', once_for: '2028-01-31' }]);
  });
});

describe('several users with one address', () => {
  it('get one mail, whatever the order of the chunks, and not another within the days of the type', async () => {
    await type('one_per_address = true, not_again_days = 10');
    await bench.users(
      ...Array.from({ length: 700 }, (_, i) => ({
        primary_id: `u${i}`,
        preferred_language: i % 2 === 0 ? 'de' : 'en',
        user_emails: [{ address: i % 7 === 0 ? `Family${i % 5}@example.org` : `u${i}@example.org`, types: [] }],
      })),
    );
    const set = await bench.set('everyone');
    const preview = await bench.preview(set, NOTICE);
    expect(preview.letters).toMatchObject({ recipients: 700, queued: 605, same_address: 95 });
    const { id } = await bench.start(set, NOTICE, { digest: preview.digest });
    await test.db.pool.query(sql`update run_chunks set no = 100 - no where run_id = ${id}::bigint`);
    await Promise.all([bench.work(), bench.work()]);
    const run = await bench.show(id);
    expect(run.letters).toMatchObject(preview.letters);
    expect((await ledger(id)).filter((row) => row.address?.startsWith('Family') && row.state === 'queued').map((row) => row.user)).toEqual([
      'u0',
      'u7',
      'u14',
      'u21',
      'u28',
    ]);
    expect((await bench.preview(set, NOTICE)).letters).toMatchObject({ queued: 0, not_again: 700 });
  });

  it('wait for the end of a run that is given up, which then lets them go', async () => {
    const { abortRun, pauseRun } = await import('./control.ts');
    await type('one_per_address = true');
    await bench.users(
      ...Array.from({ length: 600 }, (_, i) => ({ primary_id: `u${i}`, user_emails: [{ address: `x${i % 2}@example.org`, types: [] }] })),
    );
    const { id } = await bench.start(await bench.set('everyone'), NOTICE);
    const { workOnce } = await import('./work.ts');
    await workOnce(bench.ctx);
    await pauseRun.run(bench.ctx, { id });
    const waiting = await test.db.pool.query(`select from outbox where next_at = 'infinity'`);
    expect(waiting.rowCount).toBeGreaterThan(100);
    await abortRun.run(bench.ctx, { id });
    expect((await ledger(id)).filter((row) => row.state === 'queued').map((row) => row.user)).toEqual(['u0', 'u1']);
    expect((await test.db.pool.query(`select from outbox where next_at = 'infinity'`)).rowCount).toBe(0);
    expect((await bench.show(id)).letters).toMatchObject({ queued: 2, same_address: (waiting.rowCount ?? 0) - 2 });
  });
});

afterAll(() => setting('letters.print', 'without_email'));
