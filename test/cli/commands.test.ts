import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { documentOf, json as ask, muster as call, PATIENT, temporaryDirectory } from './muster.ts';

/**
 * The forms that other programs call, on one sample library: names, flags and keys are fixed. Every
 * command is a process of its own, on a database given by DATABASE_URL.
 */
const test = useTestDatabase();
const files = temporaryDirectory();
const env = (): Record<string, string> => ({ DATABASE_URL: test.url, MUSTER_DATA: path.join(files.directory, 'data') });
const json = (args: readonly string[], status = 0): Promise<Record<string, unknown>> => ask(args, { env: env(), status });
const muster = (args: readonly string[], input = ''): ReturnType<typeof call> => call(args, { env: env(), input });

function file(name: string, content: string | object): string {
  const target = path.join(files.directory, name);
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

async function errorOf(args: readonly string[]): Promise<string> {
  const { error } = (await json(args, 1)) as { error: { code: string; message: string } };
  expect(error.message).toMatch(/\w+ \w+/);
  return error.code;
}

const GRADUATES = 'user_group = "GRAD" and account_type = "EXTERNAL" and expiry_date < today';
const CONVERSION = {
  changes: [
    { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
    { change: 'user_group', set: 'ALUMNI' },
    { change: 'expiry_date', shift: { months: 6 } },
    { change: 'block', add: { description: '02-GLOBAL', note: 'Please check' } },
  ],
};

beforeAll(async () => {
  mkdirSync(path.join(files.directory, 'data'));
  await json(['users', 'generate', '--count', '400', '--seed', '3']);
});
afterAll(() => files.remove());

describe('sets', PATIENT, () => {
  it('makes a logical one from a filter and an itemized one from a file', async () => {
    const logical = await json(['sets', 'create', 'Graduates', '--where', GRADUATES]);
    expect(logical).toMatchObject({ id: expect.any(Number), name: 'Graduates', not_found: 0, duplicates: 0 });
    expect(logical['members']).toBeGreaterThan(0);

    const list = file('ids.txt', 'mu00000001\n"MU00000002"\nnobody\nmu00000001\n');
    expect(await json(['sets', 'create', 'Listed', '--file', list])).toMatchObject({ members: 2, not_found: 1, duplicates: 1 });
    expect(await json(['sets', 'lines', 'Listed'])).toMatchObject({
      lines: [
        { line: 3, value: 'nobody', reason: 'not_found' },
        { line: 4, value: 'mu00000001', reason: 'duplicate' },
      ],
    });
    expect(await json(['sets', 'combine', 'Both', 'or', 'Graduates', 'Listed'])).toMatchObject({ name: 'Both' });
    expect(await json(['sets', 'add', 'Listed', '--ids', 'mu00000003,mu00000004'])).toMatchObject({ added: 2, members: 4 });
    expect(await json(['sets', 'remove', 'Listed', '--ids', 'mu00000003'])).toMatchObject({ removed: 1, members: 3 });
    expect(await json(['sets', 'replace', 'Both', '--ids', 'mu00000003'])).toMatchObject({ members: 1 });
    const { sets } = (await json(['sets', 'list'])) as { sets: { name: string }[] };
    expect(sets.map((set) => set.name)).toEqual(['Both', 'Graduates', 'Listed']);
    expect(await json(['sets', 'delete', 'Both'])).toMatchObject({ name: 'Both' });
  });

  it('says what is wrong, with a code', async () => {
    expect(await errorOf(['sets', 'show', 'nothing'])).toBe('sets.not_found');
    expect(await errorOf(['sets', 'create', 'Graduates', '--where', 'everyone'])).toBe('sets.name_taken');
    expect(await errorOf(['sets', 'create', 'No source'])).toBe('sets.source_count');
    const broken = await muster(['sets', 'create', 'Broken', '--where', 'user_group = = "X"']);
    expect(broken.status).toBe(1);
    expect(broken.stdout).toBe('');
    expect(broken.stderr).toMatch(/^filters\.[\w.]+: .*line 1, column 14/);
  });
});

describe('a job from preview to undo', PATIENT, () => {
  it('keeps its promises: preview, run with letters in the mailbox, report, undo', async () => {
    const plan = file('conversion.json', CONVERSION);
    const preview = (await json(['jobs', 'preview', '--set', 'Graduates', '--plan', plan])) as Record<string, unknown> & {
      members: number;
    };
    expect(preview).toMatchObject({ digest: expect.any(String), changed: preview.members, unchanged: 0, skipped: 0, failed: 0 });
    expect(preview['changes']).toHaveLength(4);
    expect(preview['letters']).toMatchObject({ queued: expect.any(Number) });

    const [first = ''] = (preview['users'] as { primary_id: string }[]).map((user) => user.primary_id);
    const asked = ['jobs', 'preview-letter', first, '--set', 'Graduates', '--plan', plan];
    expect(await json(asked)).toMatchObject({ user: first, in_set: true, outcome: 'changed', letters: [{}] });
    expect((await muster(asked)).stdout).toContain('✉ CREDENTIALS_CHANGED');

    const run = (await json(['jobs', 'run', '--set', 'Graduates', '--plan', plan, '--yes', '--digest', String(preview['digest'])])) as {
      id: number;
      state: string;
      counts: Record<string, number>;
      letters: { queued: number };
    };
    const { members } = preview;
    expect(run).toMatchObject({ state: 'COMPLETED_SUCCESS', counts: { members, changed: members, unchanged: 0, skipped: 0, failed: 0 } });

    // No server serves this database: the command has done the work itself, the letters included.
    const { messages } = (await json(['outbox', 'list', '--run', String(run.id), '--state', 'sent', '--limit', '1000'])) as {
      messages: { id: number; file: string; letter: string }[];
    };
    expect(messages).toHaveLength(run.letters.queued);
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) expect(existsSync(message.file)).toBe(true);
    const shown = JSON.stringify(await json(['outbox', 'show', String(messages[0]?.id)]));
    const sent = readFileSync(String(messages[0]?.file), 'utf8');
    const password = /(?:Passwor[dt]):\s+(\S{10})\s/.exec(sent)?.[1];
    expect(password).toBeDefined();
    expect(shown).not.toContain(password);

    const { jobs } = (await json(['jobs', 'list'])) as { jobs: { id: number; state: string; counts: object }[] };
    expect(jobs[0]).toMatchObject({ id: run.id, state: 'COMPLETED_SUCCESS', counts: run.counts });

    const csv = path.join(files.directory, 'outcomes.csv');
    expect(await json(['jobs', 'report', String(run.id), '--csv', csv])).toMatchObject({ csv_rows: members });
    expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(members + 1);

    const undo = await json(['jobs', 'undo', String(run.id), '--yes']);
    expect(undo).toMatchObject({ id: expect.any(Number), state: 'COMPLETED_SUCCESS', counts: { members, changed: members, conflict: 0 } });
    const again = (await json(['jobs', 'list', '--limit', '2'])) as { jobs: { id: number; kind: string }[] };
    expect(again.jobs.map((job) => [job.id, job.kind])).toEqual([
      [undo['id'], 'undo'],
      [run.id, 'job'],
    ]);
  });

  it('leaves alone what somebody changed since, and counts it as a conflict', async () => {
    const plan = file('group.json', { changes: [{ change: 'user_group', set: 'CITY' }] });
    const run = await json(['jobs', 'run', '--set', 'Listed', '--plan', plan, '--yes']);
    expect(run).toMatchObject({ counts: { members: 3 } });
    await json(['users', 'edit', 'mu00000001', '--change', '{"change":"user_group","set":"PUPIL"}']);
    const undo = await json(['jobs', 'undo', String(run['id']), '--yes']);
    expect(undo).toMatchObject({ state: 'COMPLETED_WARNING', counts: { members: 3, conflict: 1 } });
  });

  it('shows what the feed says of a field that is held, and gives it back', async () => {
    const { users } = (await json(['users', 'list', '--where', 'account_type = "EXTERNAL" and user_group != "CITY"', '--limit', '1'])) as {
      users: { primary_id: string; values: Record<string, unknown> }[];
    };
    const [user] = users;
    const edit = (change: object) => json(['users', 'edit', String(user?.primary_id), '--change', JSON.stringify(change)]);
    expect(await edit({ change: 'user_group', set: 'CITY' })).toMatchObject({ counts: { changed: 1 } });
    const before = user?.values['user_group'] ?? null;
    expect(await json(['users', 'show', String(user?.primary_id)])).toMatchObject({
      user_group: { value: 'CITY' },
      held_fields: [{ field: 'user_group', value: 'CITY', feed: { value: before } }],
    });
    const { stdout } = await muster(['--lang', 'de', 'users', 'show', String(user?.primary_id)]);
    expect(stdout).toMatch(/Gegen den Abgleich festgehalten[\s\S]*Abgleich sagt[\s\S]*Benutzergruppe/);
    expect(await json(['users', 'list', '--where', 'held = "user_group"'])).toMatchObject({ total: 1 });
    expect(await edit({ change: 'give_back_to_feed' })).toMatchObject({ counts: { changed: 1 } });
    const after = await json(['users', 'show', String(user?.primary_id)]);
    expect(after).not.toHaveProperty('held_fields');
    expect(after).toMatchObject({ user_group: { value: before } });
  });

  it('takes a plan from standard input and from a template', async () => {
    const plan = JSON.stringify({ changes: [{ change: 'job_description', set: 'from a pipe' }] });
    const piped = await muster(['jobs', 'preview', '--set', 'Listed', '--plan', '-', '--json'], plan);
    expect(documentOf(piped)).toMatchObject({ members: 3 });
    await json(['jobs', 'template', 'save', 'Pipe', '--plan', file('template.json', plan)]);
    expect(await json(['jobs', 'preview', '--set', 'Listed', '--template', 'Pipe'])).toMatchObject({ members: 3 });
    expect(await errorOf(['jobs', 'preview', '--set', 'Listed', '--template', 'Nobody’s'])).toBe('runs.template_not_found');
  });

  it('does nothing unconfirmed where nobody can be asked', async () => {
    const plan = file('city.json', { changes: [{ change: 'user_group', set: 'CITY' }] });
    const before = (await json(['jobs', 'list'])) as { jobs: unknown[] };
    expect(await errorOf(['jobs', 'run', '--set', 'Listed', '--plan', plan])).toBe('cli.confirmation_needed');
    const last = (before.jobs as { id: number }[])[0]?.id;
    expect(await errorOf(['jobs', 'undo', String(last)])).toBe('cli.confirmation_needed');
    expect(await json(['jobs', 'list'])).toEqual(before);
  });

  it('refuses a digest that is not of this set and plan', async () => {
    const plan = file('city.json', { changes: [{ change: 'user_group', set: 'CITY' }] });
    const other = file('pupil.json', { changes: [{ change: 'user_group', set: 'PUPIL' }] });
    const { digest } = await json(['jobs', 'preview', '--set', 'Listed', '--plan', plan]);
    expect(await errorOf(['jobs', 'run', '--set', 'Listed', '--plan', other, '--yes', '--digest', String(digest)])).toBe(
      'runs.plan_changed',
    );
  });
});

describe('errors end with 1 and a code', PATIENT, () => {
  it.each([
    [['jobs', 'show', '999999'], 'runs.not_found'],
    [['jobs', 'watch', '999999'], 'runs.not_found'],
    [['jobs', 'undo', '999999', '--yes'], 'runs.not_found'],
    [['jobs', 'pause', '999999'], 'runs.not_found'],
    [['outbox', 'show', '999999'], 'letters.message_not_found'],
    [['letters', 'show', 'NO_SUCH_LETTER'], 'letters.type_not_found'],
    [['users', 'history', 'nobody'], 'users.not_found'],
    [['users', 'edit', 'nobody', '--change', '{"change":"user_group","set":"CITY"}'], 'users.not_found'],
    [['users', 'edit', 'mu00000001', '--change', '{'], 'cli.json_invalid'],
    [['jobs', 'preview', '--set', 'Listed', '--plan', '/no/such/file.json'], 'cli.file_unreadable'],
    [['sets', 'list', '--as', 'nobody'], 'access.unknown_actor'],
  ])('%j: %s', async (args, code) => {
    expect(await errorOf(args)).toBe(code);
  });

  it('also in German, on standard error, with the code', async () => {
    const answer = await muster(['--lang', 'de', 'sets', 'show', 'Nirgendwo']);
    expect(answer).toMatchObject({ status: 1, stdout: '' });
    expect(answer.stderr).toContain('sets.not_found: Es gibt kein Set „Nirgendwo“');
  });
});

describe('--as', PATIENT, () => {
  beforeAll(async () => {
    for (const [user, role] of [
      ['mu00000010', '200'],
      ['mu00000011', '21'],
    ]) {
      const change = JSON.stringify({ change: 'role', add: { type: role, scope: 'INSTITUTION' } });
      expect(await json(['users', 'edit', String(user), '--change', change])).toMatchObject({ counts: { failed: 0 } });
    }
    await test.db.pool.query(`update users set status = 'ACTIVE', expiry_date = null where primary_id in ('mu00000010', 'mu00000011')`);
  });

  it('acts with that user’s roles: a patron is refused, and the attempt is written down', async () => {
    expect(await errorOf(['users', 'search', 'example', '--as', 'mu00000010'])).toBe('access.denied');
    const { rows } = await test.db.pool.query(`select actor, operation, outcome from audit order by id desc limit 1`);
    expect(rows).toEqual([{ actor: 'mu00000010', operation: 'users.search', outcome: 'refused' }]);
  });

  it('lets a user manager work, in their own name', async () => {
    await json(['sets', 'create', 'Of the manager', '--where', 'everyone', '--as', 'mu00000011']);
    expect(await json(['sets', 'show', 'Of the manager'])).toMatchObject({ owner: 'mu00000011', private: true });
  });
});

describe('what a person reads', PATIENT, () => {
  it('is laid out in columns, without colours where there is no terminal', async () => {
    const english = await muster(['sets', 'list']);
    expect(english.status).toBe(0);
    expect(english.stderr).toBe('');
    expect(english.stdout).not.toContain('\u001b');
    expect(english.stdout).toMatch(/#\s+Name\s+Members\s+Kind\s+Owner/);
    const german = await muster(['sets', 'list', '--lang', 'de']);
    expect(german.stdout).toMatch(/#\s+Name\s+Mitglieder\s+Art\s+Gehört/);
  });

  it('keeps control characters of the data off the terminal', async () => {
    await json(['sets', 'create', 'Evil \u001b[31m\u202ename', '--where', 'everyone']);
    const { stdout } = await muster(['sets', 'list']);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('\u202e');
    expect(stdout).toContain('Evil');
  });
});
