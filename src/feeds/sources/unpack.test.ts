import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../../../test/support/refusal.ts';
import { zipOf, type ZipPart } from '../../../test/support/zip.ts';
import { unpack, type UnpackOptions } from './index.ts';

let directory: string;
let into: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'muster-unpack-'));
  into = path.join(directory, 'into');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function unpacked(content: string | Buffer, options: UnpackOptions = {}) {
  const file = path.join(directory, 'stored');
  await writeFile(file, content);
  const files = await unpack(file, into, { name: 'users.zip', ...options });
  return Promise.all(files.map(async (found) => ({ ...found, text: (await readFile(found.path, 'utf8')).slice(0, 100) })));
}

async function code(content: string | Buffer, options: UnpackOptions = {}): Promise<string> {
  const refused = await refusal(unpacked(content, options));
  expect(await readdir(into).catch(() => [])).toEqual([]);
  expect(refused.text).not.toContain(directory);
  return refused.code;
}

/** Changes fields of the archive's directory (and, where they are there too, of the members' own headers). */
function changed(zip: Buffer, part: { readonly flag?: number; readonly unixMode?: number }): Buffer {
  const copy = Buffer.from(zip);
  for (let at = copy.indexOf('PK\x01\x02', 0, 'latin1'); at !== -1; at = copy.indexOf('PK\x01\x02', at + 1, 'latin1')) {
    if (part.flag !== undefined) copy.writeUInt16LE(copy.readUInt16LE(at + 8) | part.flag, at + 8);
    if (part.unixMode === undefined) continue;
    copy.writeUInt8(3, at + 5);
    copy.writeUInt32LE((part.unixMode << 16) >>> 0, at + 38);
  }
  return copy;
}

describe('unpacking', () => {
  it('leaves a file that is not packed where it is, whatever it is called', async () => {
    const [file, ...others] = await unpacked('<users/>');
    expect(others).toEqual([]);
    expect(file).toEqual({ name: 'users.zip', path: path.join(directory, 'stored'), bytes: 8, text: '<users/>' });
    expect(await unpacked('')).toMatchObject([{ bytes: 0 }]);
  });

  it('gives the members of a zip in the order of their names', async () => {
    const zip = zipOf([
      { name: 'b/users-2026-10-02.xml', content: 'second' },
      { name: 'b/', content: '' },
      { name: '__MACOSX/b/._users.xml', content: 'junk' },
      { name: 'a-users-2026-10-01.xml', content: 'first' },
    ]);
    const files = await unpacked(zip);
    expect(files.map(({ name, text, bytes }) => [name, text, bytes])).toEqual([
      ['a-users-2026-10-01.xml', 'first', 5],
      ['b/users-2026-10-02.xml', 'second', 6],
    ]);
    // All of them in one new directory.
    expect(new Set(files.map((file) => path.relative(into, path.dirname(file.path))).map((at) => at.split(path.sep).length))).toEqual(
      new Set([1]),
    );
  });

  it('gives what a gzip holds, in one part or several', async () => {
    expect(await unpacked(gzipSync('users'), { name: 'users.xml.gz' })).toMatchObject([{ name: 'users.xml', text: 'users' }]);
    expect(await unpacked(Buffer.concat([gzipSync('one '), gzipSync('two')]), { name: 'x' })).toMatchObject([
      { name: 'x', text: 'one two' },
    ]);
  });

  it('ends bombs at the limit', async () => {
    const limits = { maxBytes: 1_048_576 };
    const zeros = Buffer.alloc(20_000_000);
    expect(await code(gzipSync(zeros), limits)).toBe('feeds.archive_too_large');
    expect(await code(zipOf([{ name: 'a', content: zeros }]), limits)).toBe('feeds.archive_too_large');
    // Each is small enough; together they are not.
    const parts = Array.from({ length: 6 }, (_, index): ZipPart => ({ name: `${index}`, content: Buffer.alloc(200_000) }));
    expect(await code(zipOf(parts), limits)).toBe('feeds.archive_too_large');
    expect(await unpacked(zipOf(parts.slice(0, 5)), limits)).toHaveLength(5);
  });

  it('does not believe what an archive says of sizes', async () => {
    expect(await code(zipOf([{ name: 'a', content: Buffer.alloc(1_000_000), claimedSize: 10 }]))).toBe('feeds.archive_broken');
    expect(await code(zipOf([{ name: 'a', content: 'short', claimedSize: 1_000 }]))).toBe('feeds.archive_broken');
  });

  it('counts members', async () => {
    const parts = Array.from({ length: 4 }, (_, index): ZipPart => ({ name: `${index}`, content: 'x' }));
    expect(await code(zipOf(parts), { maxFiles: 3 })).toBe('feeds.archive_too_many');
    expect(await unpacked(zipOf(parts), { maxFiles: 4 })).toHaveLength(4);
  });

  it('says that it is encrypted', async () => {
    const { code: found, text } = await refusal(unpacked(changed(zipOf([{ name: 'users.xml', content: 'x' }]), { flag: 1 })));
    expect(found).toBe('feeds.archive_encrypted');
    expect(text).toContain('users.xml');
  });

  it('refuses names that lead outside', async () => {
    for (const name of ['../users.xml', 'a/../../users.xml', '/etc/cron.d/users'])
      expect(await code(zipOf([{ name, content: 'x' }]))).toBe('feeds.archive_path');
  });

  it('makes no links', async () => {
    expect(await code(changed(zipOf([{ name: 'users.xml', content: '/etc/passwd' }]), { unixMode: 0o120777 }))).toBe('feeds.archive_empty');
    expect(await unpacked(changed(zipOf([{ name: 'users.xml', content: 'x' }]), { unixMode: 0o100644 }))).toHaveLength(1);
  });

  it('refuses what is cut, anywhere', async () => {
    const zip = zipOf([
      { name: 'a.xml', content: 'first'.repeat(100) },
      { name: 'b.xml', content: 'second'.repeat(100) },
    ]);
    for (const kept of [5, 40, zip.length >> 1, zip.length - 30, zip.length - 1])
      expect(await code(zip.subarray(0, kept))).toBe('feeds.archive_broken');
    const gzip = gzipSync('users'.repeat(1_000));
    for (const kept of [3, 11, gzip.length - 9, gzip.length - 1]) expect(await code(gzip.subarray(0, kept))).toBe('feeds.archive_broken');
  });

  it('refuses what is damaged', async () => {
    const zip = zipOf([{ name: 'a.xml', content: 'users' }]);
    const wrong = Buffer.from(zip);
    const at = wrong.indexOf('PK\x01\x02', 0, 'latin1');
    wrong.writeUInt32LE((wrong.readUInt32LE(at + 16) ^ 1) >>> 0, at + 16);
    expect(await code(wrong)).toBe('feeds.archive_broken');
    const gzip = gzipSync('users'.repeat(1_000));
    gzip.writeUInt8(gzip.readUInt8(20) ^ 0xff, 20);
    expect(await code(gzip)).toBe('feeds.archive_broken');
  });

  it('says that there is nothing inside, or once more an archive', async () => {
    expect(await code(zipOf([]))).toBe('feeds.archive_empty');
    expect(await code(zipOf([{ name: 'a.zip', content: zipOf([{ name: 'x', content: 'x' }]) }]))).toBe('feeds.archive_nested');
    expect(await code(gzipSync(gzipSync('x')))).toBe('feeds.archive_nested');
  });

  it('says that a file is not there, and ends when it is aborted', async () => {
    expect((await refusal(unpack(path.join(directory, 'missing'), into))).code).toBe('feeds.file_unreadable');
    const stopped = AbortSignal.abort(new Error('stopped by the test'));
    await expect(unpacked(gzipSync('users'), { signal: stopped })).rejects.toThrow('stopped by the test');
    expect(await readdir(into)).toEqual([]);
  });
});
