import { mkdtempSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyPair, type SftpServer, type SftpUsers, startSftp } from '../../../test/support/sftp.ts';
import { fetchFiles } from '../../../test/support/fetch-files.ts';
import { refusal as refusalOf } from '../../../test/support/refusal.ts';
import { eachFile, type FetchLimits, type FetchOptions, putFile } from './index.ts';

const SECRET = 'correct horse battery staple';
/** Short where waiting is all that would be tested. */
const LIMITS: Partial<FetchLimits> = { lookAgainMs: 20, waitMs: 200, idleMs: 30_000, connectMs: 30_000 };

let root: string;
let into: string;
let server: SftpServer;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'muster-sftp-'));
  into = path.join(root, 'into');
  await mkdir(path.join(root, 'out'));
  server = await startSftp(root, { user: 'library', password: SECRET });
});

afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

function source(more: object = {}) {
  return {
    kind: 'sftp' as const,
    host: '127.0.0.1',
    port: server.port,
    user: 'library',
    host_key: server.fingerprint,
    path: 'out',
    pattern: '*.xml',
    ...more,
  };
}

function options(more: Partial<FetchOptions> = {}): FetchOptions {
  return { into, dataDir: root, known: () => false, limits: LIMITS, ...more };
}

async function refusal(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  const refused = await refusalOf(work);
  expect(refused.text).not.toContain(SECRET);
  return refused;
}

async function put(name: string, content: string | Buffer): Promise<void> {
  await writeFile(path.join(root, 'out', name), content);
}

describe('fetching over SFTP', () => {
  it('fetches what fits, in the order of the names, whole, and leaves the source as it is', async () => {
    const large = Buffer.alloc(3_000_001, 'abcdefghij');
    await put('users-2026-10-02.xml', 'second');
    await put('users-2026-10-01.xml', large);
    await put('notes.txt', 'not this');
    await put('.hidden.xml', 'nor this');
    await mkdir(path.join(root, 'out/folder.xml'));
    const files = await fetchFiles(source(), SECRET, options());
    expect(files.map((file) => file.name)).toEqual(['users-2026-10-01.xml', 'users-2026-10-02.xml']);
    expect((await readFile(files[0]?.path ?? '')).equals(large)).toBe(true);
    expect(files[1]).toMatchObject({ bytes: 6, origin: { kind: 'sftp', name: 'users-2026-10-02.xml', bytes: 6 } });
    expect(files[1]?.sha256).toBe('16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4');
    expect((await readdir(path.join(root, 'out'))).sort()).toEqual([
      '.hidden.xml',
      'folder.xml',
      'notes.txt',
      'users-2026-10-01.xml',
      'users-2026-10-02.xml',
    ]);
    await expect.poll(() => server.open()).toBe(0);
  });

  it('does not fetch what is known, and fetches it again when it has changed', async () => {
    await put('users.xml', 'one');
    const [first] = await fetchFiles(source(), SECRET, options());
    const known = (origin: unknown): boolean => JSON.stringify(origin) === JSON.stringify(first?.origin);
    expect(await fetchFiles(source(), SECRET, options({ known }))).toEqual([]);
    await put('users.xml', 'changed');
    expect(await fetchFiles(source(), SECRET, options({ known }))).toMatchObject([{ name: 'users.xml', bytes: 7 }]);
  });

  it('puts blocks together that the server gives in pieces', async () => {
    const content = Buffer.from(Array.from({ length: 200_003 }, (_, index) => index % 251));
    await put('users.xml', content);
    server.mischief.blockLimit = 1_000;
    const [file] = await fetchFiles(source(), SECRET, options());
    expect((await readFile(file?.path ?? '')).equals(content)).toBe(true);
  });

  it('refuses another server before anything of the secret is sent', async () => {
    await put('users.xml', 'x');
    const other = await startSftp(root, { user: 'library', password: SECRET });
    const { code, text } = await refusal(fetchFiles(source({ host_key: other.fingerprint }), SECRET, options()));
    await other.close();
    expect(code).toBe('feeds.source_host_key');
    expect(text).toContain(server.fingerprint);
    expect(await fetchFiles(source({ host_key: [other.fingerprint, server.fingerprint] }), SECRET, options())).toHaveLength(1);
  });

  it('says that a password is wrong, or missing, or that nobody is there', async () => {
    expect((await refusal(fetchFiles(source(), 'wrong', options()))).code).toBe('feeds.source_denied');
    expect((await refusal(fetchFiles(source({ user: 'nobody' }), SECRET, options()))).code).toBe('feeds.source_denied');
    expect((await refusal(fetchFiles(source(), null, options()))).code).toBe('feeds.source_secret_missing');
    expect((await refusal(fetchFiles(source({ port: 1 }), SECRET, options()))).code).toBe('feeds.source_unreachable');
    expect((await refusal(fetchFiles(source({ path: 'nowhere' }), SECRET, options()))).code).toBe('feeds.source_not_listed');
  });

  it('signs in with a private key, and says what is wrong with one', async () => {
    const pair = keyPair();
    const locked = ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'x', cipher: 'aes256-ctr', rounds: 4 });
    await put('users.xml', 'x');
    await withServer({ user: 'library', publicKey: pair.public }, async (other) => {
      const at = source({ port: other.port, host_key: other.fingerprint });
      expect(await fetchFiles(at, pair.private, options())).toHaveLength(1);
      const stranger = keyPair();
      expect((await refusal(fetchFiles(at, stranger.private, options()))).code).toBe('feeds.source_denied');
      expect((await refusal(fetchFiles(at, locked.private, options()))).code).toBe('feeds.source_key_unusable');
      expect((await refusal(fetchFiles(at, pair.private.slice(0, 120), options()))).code).toBe('feeds.source_key_unusable');
    });
  });

  it('answers a server that asks for the password in a dialogue', async () => {
    await put('users.xml', 'x');
    await withServer({ user: 'library', password: SECRET, dialogue: true }, async (other) => {
      const at = source({ port: other.port, host_key: other.fingerprint });
      expect(await fetchFiles(at, SECRET, options())).toHaveLength(1);
      expect((await refusal(fetchFiles(at, 'wrong', options()))).code).toBe('feeds.source_denied');
    });
  });

  it('keeps nothing of a file whose connection is cut in the middle', async () => {
    await put('a.xml', 'small');
    await put('b.xml', Buffer.alloc(5_000_000));
    server.mischief.cutAfter = 1_000_000;
    expect((await refusal(fetchFiles(source(), SECRET, options()))).code).toMatch(/^feeds\.source_(?:lost|cut)$/);
    expect((await readdir(into)).map((name) => name.slice(17))).toEqual(['a.xml']);
  });

  it('hands over what came before the cut', async () => {
    await put('a.xml', 'small');
    await put('b.xml', Buffer.alloc(5_000_000));
    server.mischief.cutAfter = 1_000_000;
    const names: string[] = [];
    const each = async (): Promise<void> => {
      for await (const { name } of eachFile(source(), SECRET, options())) names.push(name);
    };
    await refusal(each());
    expect(names).toEqual(['a.xml']);
    expect((await readdir(into)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('gives up on a server that falls silent, and on one that takes for ever', async () => {
    await put('b.xml', Buffer.alloc(5_000_000));
    server.mischief.silentAfter = 1_000_000;
    expect((await refusal(fetchFiles(source(), SECRET, options({ limits: { ...LIMITS, idleMs: 1_500 } })))).code).toBe(
      'feeds.source_silent',
    );
    delete server.mischief.silentAfter;
    server.mischief.blockLimit = 100;
    server.mischief.beforeRead = () => new Promise((resolve) => setTimeout(resolve, 50));
    const slow = { ...LIMITS, totalMs: 2_000 };
    expect((await refusal(fetchFiles(source(), SECRET, options({ limits: slow })))).code).toBe('feeds.source_too_slow');
    expect(await readdir(into)).toEqual([]);
  });

  it('ends at once when it is aborted', async () => {
    await put('b.xml', Buffer.alloc(5_000_000));
    const abort = new AbortController();
    server.mischief.beforeRead = () => abort.abort(new Error('stopped by the test'));
    await expect(fetchFiles(source(), SECRET, options({ signal: abort.signal }))).rejects.toThrow('stopped by the test');
    expect(await readdir(into)).toEqual([]);
    await expect.poll(() => server.open()).toBe(0);
  });

  it('leaves a file alone that is still being written, and those after it', async () => {
    await put('a.xml', 'done');
    await put('b.xml', 'begun');
    await put('c.xml', 'done');
    const writing = setInterval(() => void appendFile(path.join(root, 'out/b.xml'), 'more'), 5);
    const first = await fetchFiles(source(), SECRET, options());
    clearInterval(writing);
    expect(first.map((file) => file.name)).toEqual(['a.xml']);
    const known = (origin: { name: string }): boolean => origin.name === 'a.xml';
    const then = await fetchFiles(source(), SECRET, options({ known }));
    expect(then.map((file) => file.name)).toEqual(['b.xml', 'c.xml']);
  });

  it('does not take a file that grows while it is read', async () => {
    await put('a.xml', Buffer.alloc(100_000));
    server.mischief.beforeRead = (file) => appendFile(file, 'more');
    expect(await fetchFiles(source(), SECRET, options())).toEqual([]);
    expect(await readdir(into)).toEqual([]);
  });

  it('does not take a file of the same length that was replaced while it was read', async () => {
    await put('a.xml', Buffer.alloc(100_000));
    await utimes(path.join(root, 'out/a.xml'), 1_000, 1_000);
    server.mischief.beforeRead = (file) => utimes(file, 2_000, 2_000);
    expect(await fetchFiles(source(), SECRET, options())).toEqual([]);
  });

  it('refuses what is too large before it is read', async () => {
    await put('a.xml', Buffer.alloc(2_000_000));
    let read = 0;
    server.mischief.beforeRead = () => {
      read += 1;
    };
    const limits = { ...LIMITS, maxBytes: 1_048_576 };
    const { code, text } = await refusal(fetchFiles(source(), SECRET, options({ limits })));
    expect(code).toBe('feeds.source_too_large');
    expect(text).toContain('1 MB');
    expect(read).toBe(0);
  });

  it('never takes a name for a path', async () => {
    await writeFile(path.join(root, 'secret.xml'), 'not for you');
    await put('fine.xml', 'fine');
    server.mischief.extraNames = ['../secret.xml', '/etc/passwd.xml', 'a\\..\\..\\b.xml', '..', '.'];
    expect((await fetchFiles(source({ pattern: '*' }), SECRET, options())).map((file) => file.name)).toEqual(['fine.xml']);
    expect((await fetchFiles(source({ pattern: '*..*' }), SECRET, options())).map((file) => file.name)).toEqual([]);
    await put('ü\u202e;$(touch x).xml', 'odd');
    const [, odd] = await fetchFiles(source(), SECRET, options());
    expect(odd?.name).toBe('ü\u202e;$(touch x).xml');
    expect(path.dirname(odd?.path ?? '')).toBe(into);
    expect(path.basename(odd?.path ?? '')).toMatch(/^[0-9a-f]{16}-[\p{L}\p{N} ._-]+$/u);
  });

  it('ends a list that has no end', async () => {
    server.mischief.endlessList = true;
    expect((await refusal(fetchFiles(source(), SECRET, options({ limits: { ...LIMITS, totalMs: 60_000 } })))).code).toBe(
      'feeds.source_crowded',
    );
  }, 60_000);

  it('follows links that the server has', async () => {
    await writeFile(path.join(root, 'elsewhere'), 'linked');
    await symlink(path.join(root, 'elsewhere'), path.join(root, 'out/link.xml'));
    await symlink(path.join(root, 'gone'), path.join(root, 'out/dangling.xml'));
    expect(await fetchFiles(source(), SECRET, options())).toMatchObject([{ name: 'link.xml', bytes: 6 }]);
  });
});

describe('putting a file on a server', () => {
  it('gives it its name when it is whole, and replaces one of that name', async () => {
    const file = path.join(root, 'export.xml');
    const content = Buffer.alloc(2_500_000, 'users');
    await writeFile(file, content);
    await put('changed.xml', 'old');
    expect(await putFile(source(), SECRET, file, 'changed.xml', { dataDir: root, limits: LIMITS })).toBe(
      `sftp://library@127.0.0.1:${server.port}/out/changed.xml`,
    );
    expect((await readFile(path.join(root, 'out/changed.xml'))).equals(content)).toBe(true);
    expect(await readdir(path.join(root, 'out'))).toEqual(['changed.xml']);
  });

  it('says so when it could not, and leaves nothing there', async () => {
    const file = path.join(root, 'export.xml');
    await writeFile(file, Buffer.alloc(100_000));
    const to = { dataDir: root, limits: LIMITS };
    expect((await refusal(putFile(source({ path: 'nowhere' }), SECRET, file, 'x.xml', to))).code).toBe('feeds.target_refused');
    server.mischief.truncateAt = 50_000;
    expect((await refusal(putFile(source(), SECRET, file, 'x.xml', to))).code).toBe('feeds.source_cut');
    expect(await readdir(path.join(root, 'out'))).toEqual([]);
    expect((await refusal(putFile(source(), 'wrong', file, 'x.xml', to))).code).toBe('feeds.source_denied');
  });
});

async function withServer(users: SftpUsers, work: (server: SftpServer) => Promise<void>): Promise<void> {
  const other = await startSftp(root, users);
  try {
    await work(other);
  } finally {
    await other.close();
  }
}
