import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { json, muster, PATIENT, temporaryDirectory } from './muster.ts';

describe('muster demo', PATIENT, () => {
  const files = temporaryDirectory();
  const data = path.join(files.directory, 'demo');
  afterAll(() => files.remove());

  it('tells the whole story in the person’s language, and leaves nothing running', async () => {
    // A database of one's own is none of the demo's business, nor is a mail server.
    const env = { DATABASE_URL: 'postgresql://127.0.0.1:1/nobody', SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'library@example.org' };
    const { status, stdout, stderr } = await muster(['demo', '--lang', 'de', '--data', data], { env });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const step of [1, 2, 3, 4, 5, 6, 7]) expect(stdout).toMatch(new RegExp(`^${step}\\. \\p{L}`, 'mu'));
    expect(stdout).toContain('muster jobs preview --set');
    expect(stdout).toMatch(/Benutzergruppe +GRAD → ALUMNI/);
    expect(stdout).toMatch(/Passwort: +\S{10}\n/);
    expect(stdout).toContain('⇄ 1 Konflikte');
    expect(stdout).not.toMatch(/\{\w+\}/);
    expect(await json(['stop', '--data', data])).toEqual({ server: false, database: false });
  });

  it('can be played again in the same directory, which is open to every command', async () => {
    const told = (await json(['demo', '--data', data])) as {
      run: {
        id: number;
        state: string;
        counts: { members: number; changed: number };
        letters: { channels: { email: Readonly<Record<string, number>> } };
      };
      undo: { counts: { conflict: number; changed: number } };
    };
    expect(told.run.counts.members).toBeGreaterThan(50);
    expect(told.run.counts.changed).toBe(told.run.counts.members);
    expect(told.undo.counts).toMatchObject({ conflict: 1, changed: told.run.counts.members - 1 });
    const { total } = await json(['outbox', 'list', '--run', String(told.run.id), '--state', 'sent', '--data', data]);
    // Those on paper wait until somebody prints them.
    expect(total).toBe(Object.values(told.run.letters.channels.email).reduce((sum, count) => sum + count, 0));
    expect(readdirSync(path.join(data, 'mailbox')).length).toBeGreaterThan(0);
  });

  it('keeps its hands off an installation that is not a demo', async () => {
    const real = path.join(files.directory, 'real');
    await json(['sets', 'list', '--data', real]);
    const answer = await muster(['demo', '--data', real]);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain('cli.demo.not_empty: ');
  });
});
