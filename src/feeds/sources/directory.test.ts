import { mkdtempSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFiles } from '../../../test/support/fetch-files.ts';
import { refusal } from '../../../test/support/refusal.ts';
import { exchangeDirectory, exportTargetSchema, feedSourceSchema, type FetchLimits, type FetchOptions, putFile } from './index.ts';
import { fitsPattern } from './glob.ts';

const LIMITS: Partial<FetchLimits> = { lookAgainMs: 20, waitMs: 100 };

let dataDir: string;
let watched: string;
let into: string;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'muster-watched-'));
  watched = exchangeDirectory(dataDir, 'sis');
  into = path.join(dataDir, 'into');
  await mkdir(watched, { recursive: true });
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

const source = (pattern = '*', at = 'sis') => ({ kind: 'directory' as const, path: at, pattern });

function options(more: Partial<FetchOptions> = {}): FetchOptions {
  return { into, dataDir, known: () => false, limits: LIMITS, ...more };
}

describe('a watched directory', () => {
  it('gives its files in the order of their names, and keeps them', async () => {
    for (const name of ['users-2026-10-10.xml', 'users-2026-10-09.xml', 'users-2026-11-01.xml'])
      await writeFile(path.join(watched, name), name);
    // The time of change says when somebody copied it.
    await utimes(path.join(watched, 'users-2026-11-01.xml'), 1_000, 1_000);
    const files = await fetchFiles(source('users-*.xml'), null, options());
    expect(files.map((file) => file.name)).toEqual(['users-2026-10-09.xml', 'users-2026-10-10.xml', 'users-2026-11-01.xml']);
    expect(await Promise.all(files.map((file) => readFile(file.path, 'utf8')))).toEqual(files.map((file) => file.name));
    expect(await readdir(watched)).toHaveLength(3);
    expect((await readdir(into)).sort()).toEqual(files.map((file) => path.basename(file.path)).sort());
  });

  it('waits until a file has stopped growing', async () => {
    const file = path.join(watched, 'users.xml');
    await writeFile(file, 'begun');
    let times = 0;
    const writing = setInterval(() => {
      times += 1;
      if (times > 20) clearInterval(writing);
      else void appendFile(file, 'more');
    }, 10);
    const [fetched] = await fetchFiles(source(), null, options({ limits: { lookAgainMs: 100, waitMs: 30_000 } }));
    expect(fetched?.bytes).toBe('begun'.length + 20 * 'more'.length);
    expect(await readFile(fetched?.path ?? '')).toEqual(await readFile(file));
  });

  it('does not wait for one that has lain there for long', async () => {
    await writeFile(path.join(watched, 'users.xml'), 'old');
    await utimes(path.join(watched, 'users.xml'), 1_000, 1_000);
    expect(await fetchFiles(source(), null, options({ limits: { lookAgainMs: 3_600_000, waitMs: 3_600_000 } }))).toHaveLength(1);
  });

  it('leaves what still grows for the next time', async () => {
    const file = path.join(watched, 'users.xml');
    await writeFile(file, 'begun');
    const writing = setInterval(() => void appendFile(file, 'more'), 5);
    expect(await fetchFiles(source(), null, options())).toEqual([]);
    clearInterval(writing);
    expect(await readdir(into).catch(() => [])).toEqual([]);
  });

  it('reads no link, no directory and no half', async () => {
    await writeFile(path.join(dataDir, 'secret'), 'not for you');
    await symlink(path.join(dataDir, 'secret'), path.join(watched, 'link.xml'));
    await mkdir(path.join(watched, 'folder.xml'));
    await writeFile(path.join(watched, '.half.xml'), 'half');
    expect(await fetchFiles(source(), null, options())).toEqual([]);
  });

  it('takes so many at once, and the others next time', async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(path.join(watched, name), name);
    const limits = { ...LIMITS, maxFiles: 2 };
    expect((await fetchFiles(source(), null, options({ limits }))).map((file) => file.name)).toEqual(['a', 'b']);
    const known = ({ name }: { name: string }): boolean => name !== 'c';
    expect((await fetchFiles(source(), null, options({ limits, known }))).map((file) => file.name)).toEqual(['c']);
  });

  it('says what is wrong with the directory or a file', async () => {
    expect((await refusal(fetchFiles(source('*', 'nowhere'), null, options()))).code).toBe('feeds.source_not_listed');
    await writeFile(path.join(watched, 'a.xml'), Buffer.alloc(2_000_000));
    expect((await refusal(fetchFiles(source(), null, options({ limits: { ...LIMITS, maxBytes: 1_048_576 } })))).code).toBe(
      'feeds.source_too_large',
    );
    await chmod(path.join(watched, 'a.xml'), 0o000);
    if (process.getuid?.() !== 0) expect((await refusal(fetchFiles(source(), null, options()))).code).toBe('feeds.source_unreadable');
    expect((await refusal(fetchFiles({ kind: 'upload' }, null, options()))).code).toBe('feeds.source_upload');
  });

  it('takes an export, whole under its name and by nobody else readable until then', async () => {
    const file = path.join(dataDir, 'export.xml');
    await writeFile(file, 'users');
    await writeFile(path.join(watched, 'changed.xml'), 'old');
    expect(await putFile({ kind: 'directory', path: 'sis' }, null, file, 'changed.xml', { dataDir })).toBe('exchange/sis/changed.xml');
    expect(await readFile(path.join(watched, 'changed.xml'), 'utf8')).toBe('users');
    expect(await readdir(watched)).toEqual(['changed.xml']);
    await putFile({ kind: 'directory', path: 'sis' }, null, file, '../../outside.xml', { dataDir });
    expect((await readdir(watched)).sort()).toEqual(['changed.xml', 'outside.xml']);
    await writeFile(exchangeDirectory(dataDir, 'file'), 'x');
    expect((await refusal(putFile({ kind: 'directory', path: 'file' }, null, file, 'x', { dataDir }))).code).toBe('feeds.target_refused');
  });
});

describe('the schema of a source', () => {
  const refused = (value: unknown): boolean => !feedSourceSchema.safeParse(value).success;
  const KEY = `SHA256:${'a'.repeat(43)}`;

  it('holds paths below the exchange directory', () => {
    for (const at of ['/etc', '../x', 'a/../../b', 'C:\\x', '\\\\server\\share', '', 'a\0b', 'a\\..\\..\\b']) {
      expect(refused({ kind: 'directory', path: at })).toBe(true);
      expect(exportTargetSchema.safeParse({ kind: 'directory', path: at }).success).toBe(false);
    }
    expect(feedSourceSchema.parse({ kind: 'directory', path: 'sis/nightly' })).toEqual({
      kind: 'directory',
      path: 'sis/nightly',
      pattern: '*',
    });
  });

  it('asks for the key of a server', () => {
    const server = { kind: 'sftp', host: 'sis.example.edu', user: 'library' };
    expect(refused(server)).toBe(true);
    expect(refused({ ...server, host_key: 'MD5:aa:bb' })).toBe(true);
    expect(refused({ ...server, host_key: [] })).toBe(true);
    expect(refused({ ...server, host_key: KEY, host: 'a b' })).toBe(true);
    expect(refused({ ...server, host_key: KEY, password: 'x' })).toBe(true);
    expect(feedSourceSchema.parse({ ...server, host_key: KEY })).toEqual({ ...server, host_key: KEY, port: 22, path: '.', pattern: '*' });
    expect(refused({ ...server, host_key: KEY, pattern: '../*' })).toBe(true);
  });

  it('takes no address that is unencrypted or has a secret in it', () => {
    for (const url of ['http://a.example/x', 'https://u:p@a.example/x', 'file:///etc/passwd', 'x'])
      expect(refused({ kind: 'https', url })).toBe(true);
    expect(refused({ kind: 'https', url: 'https://a.example/x', ca: 'not a certificate' })).toBe(true);
    expect(refused({ kind: 'https', url: 'https://a.example/x', header: 'X\r\nY' })).toBe(true);
    expect(refused({ kind: 'https', url: 'https://a.example/x', header: 'X-Api-Key' })).toBe(false);
  });
});

describe('patterns of names', () => {
  it.each([
    ['users.xml', '*', true],
    ['users.xml', '*.xml', true],
    ['users.xml.part', '*.xml', false],
    ['users-2026.xml', 'users-????.xml', true],
    ['users-26.xml', 'users-????.xml', false],
    ['abcabc', '*abc', true],
    ['abcab', '*abc', false],
    ['Users.xml', 'users.xml', false],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['😀', '?', true],
    ['.x', '*', false],
    ['.x', '.*', true],
    ['', '*', true],
    ['x', '', false],
  ])('%s fits %s: %s', (name, pattern, fits) => expect(fitsPattern(name, pattern)).toBe(fits));

  it('takes no long time for any', () => {
    const start = Date.now();
    expect(fitsPattern('a'.repeat(255), `${'*a'.repeat(99)}b`)).toBe(false);
    expect(Date.now() - start).toBeLessThan(1_000);
  });
});
