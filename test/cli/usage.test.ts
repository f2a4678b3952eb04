import { describe, expect, it } from 'vitest';
import { documentOf, json, muster, PATIENT } from './muster.ts';

describe('wrong usage ends with 2, a code and a sentence', PATIENT, () => {
  it.each([
    [[], 'usage.no_command'],
    [['sets'], 'usage.no_command'],
    [['frobnicate'], 'usage.unknown_command'],
    [['sets', 'frobnicate'], 'usage.unknown_command'],
    [['sets', 'list', '--frobnicate'], 'usage.unknown_option'],
    [['sets', 'create'], 'usage.missing_argument'],
    [['sets', 'create', 'A', '--file'], 'usage.missing_value'],
    [['jobs', 'preview', '--plan', 'plan.json'], 'usage.missing_option'],
    [['sets', 'list', 'too', 'many'], 'usage.excess_arguments'],
    [['users', 'generate', '--count', '-1'], 'usage.number'],
    [['users', 'generate', '--count', '1e3'], 'usage.number'],
    [['jobs', 'show', 'twelve'], 'usage.number_argument'],
    [['jobs', 'undo', '0', '--yes'], 'usage.number_argument'],
    [['jobs', 'schedule', 'off', 'x'], 'usage.number_argument'],
    [['outbox', 'show', '1;drop'], 'usage.number_argument'],
    [['sets', 'combine', 'C', 'nand', 'A', 'B'], 'usage.invalid'],
    [['sets', 'list', '--lang', 'fr'], 'usage.language'],
    [['changes', 'frobnicate'], 'cli.changes.unknown'],
  ])('%j: %s', async (args, code) => {
    const [plain, told] = await Promise.all([muster(args), muster([...args, '--json'])]);
    expect(plain.status).toBe(2);
    expect(plain.stdout).toBe('');
    expect(plain.stderr).toContain(`${code}: `);

    expect(told.status).toBe(2);
    expect(documentOf(told)).toEqual({ error: { code, message: expect.stringMatching(/\w{3}/) } });
  });

  it('is told in German where the language is German', async () => {
    const byOption = await muster(['sets', 'create', '--lang', 'de']);
    expect(byOption.stderr).toContain('Das Argument <name> fehlt.');
    const byLocale = await muster(['sets', 'create'], { env: { LANG: 'de_AT.UTF-8' } });
    expect(byLocale.stderr).toBe(byOption.stderr);
    const optionWins = await muster(['sets', 'create', '--lang', 'en'], { env: { LANG: 'de_AT.UTF-8' } });
    expect(optionWins.stderr).toContain('The argument <name> is missing.');
  });
});

describe('help', PATIENT, () => {
  it.each([[['--help']], [['help']], [['jobs', 'run', '--help']], [['help', 'sets']]])('%j ends with 0', async (args) => {
    const answer = await muster(args);
    expect(answer.status).toBe(0);
    expect(answer.stdout).toContain('Usage: muster');
    expect(answer.stderr).toBe('');
  });

  it('speaks German', async () => {
    const answer = await muster(['--lang', 'de', 'jobs', '--help']);
    expect(answer.stdout).toContain('Aufruf: muster jobs');
    expect(answer.stdout).toContain('Optionen aller Befehle:');
    expect(answer.stdout).not.toContain('Usage');
  });

  it('is shown even when a variable is faulty; a command that needs the variable says which', async () => {
    const env = { MUSTER_TIMEZONE: 'Atlantis/Capital' };
    expect((await muster(['--help'], { env })).status).toBe(0);
    const answer = await muster(['sets', 'list'], { env });
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain('config.invalid: ');
    expect(answer.stderr).toContain('MUSTER_TIMEZONE');
  });
});

describe('what needs no database', PATIENT, () => {
  it('lists the kinds of change, each with what it takes', async () => {
    const { changes } = (await json(['changes'])) as { changes: { change: string; label: string; input: object; examples: object[] }[] };
    expect(changes.map((change) => change.change)).toEqual(expect.arrayContaining(['expiry_date', 'account_type', 'block', 'role']));
    for (const change of changes) expect(change.examples.length, change.change).toBeGreaterThan(0);
    const german = (await json(['changes', 'expiry_date', '--lang', 'de'])) as { changes: { label: string }[] };
    expect(german.changes.map((change) => change.label)).toEqual(['Ablaufdatum']);
  });

  it('lists what a filter can ask for', async () => {
    const { fields } = (await json(['filters', 'fields'])) as { fields: { name: string }[] };
    expect(fields.map((field) => field.name)).toContain('expiry_date');
  });
});
