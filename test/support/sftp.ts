/**
 * An SFTP server on loopback, over a real directory: it does what servers do, and on demand what bad ones do. For tests
 * alone; its host key is made anew each time.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import ssh2, { type AuthContext, type Connection, type FileEntry, type SFTPWrapper } from 'ssh2';

// A CommonJS package whose parts Node does not all find by name.
const { Server, utils } = ssh2;
const { STATUS_CODE, flagsToString } = utils.sftp;

/** What the server does beside its work. May be changed while it runs. */
export interface SftpMischief {
  /** Names that a list has beside the files that are there. */
  extraNames?: readonly string[];
  /** Lists never end. */
  endlessList?: boolean;
  /** The connection is cut when so many bytes of files have been sent. */
  cutAfter?: number;
  /** Nothing more is answered when so many bytes of files have been sent. */
  silentAfter?: number;
  /** Bytes that one answer has at most. */
  blockLimit?: number;
  /** Before a block is sent. */
  beforeRead?: (file: string) => Promise<void> | void;
  /** Every file that is written loses what comes after so many bytes, without a word. */
  truncateAt?: number;
}

export interface SftpServer {
  readonly port: number;
  /** As `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  readonly mischief: SftpMischief;
  /** Connections since the start. */
  connections(): number;
  /** Of those, the ones that are open. */
  open(): number;
  close(): Promise<void>;
}

export interface SftpUsers {
  readonly user: string;
  readonly password?: string;
  /** In OpenSSH's notation. */
  readonly publicKey?: string;
  /** Asks for the password in a dialogue, as servers with PAM do. */
  readonly dialogue?: boolean;
}

export async function startSftp(root: string, users: SftpUsers): Promise<SftpServer> {
  const hostKey = keyPair();
  const mischief: SftpMischief = {};
  const clients = new Set<Connection>();
  let connections = 0;
  const server = new Server({ hostKeys: [hostKey.private] }, (client) => {
    connections += 1;
    // As real servers do; else every answer waits for the other side's acknowledgement.
    (client as Connection & { setNoDelay(on: boolean): unknown }).setNoDelay(true); // its types have forgotten it
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.on('authentication', (attempt) => decide(attempt, users));
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => new Files(acceptSftp(), root, mischief, () => client.end()).serve());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: fingerprintOf(hostKey.public),
    mischief,
    connections: () => connections,
    open: () => clients.size,
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Some pairs come out of ssh2 in a form that it cannot read itself. */
export function keyPair(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

function fingerprintOf(publicKey: string): string {
  const bytes = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`;
}

function decide(attempt: AuthContext, users: SftpUsers): void {
  if (attempt.username === users.user && attempt.method === 'keyboard-interactive' && users.dialogue === true) {
    attempt.prompt([{ prompt: 'Password:', echo: false }], ([answer]) => {
      if (answer === users.password) attempt.accept();
      else attempt.reject();
    });
  } else if (attempt.username === users.user && isRight(attempt, users)) {
    attempt.accept();
  } else {
    attempt.reject(users.dialogue === true ? ['keyboard-interactive'] : ['password', 'publickey']);
  }
}

function isRight(attempt: AuthContext, { password, publicKey, dialogue }: SftpUsers): boolean {
  if (attempt.method === 'password') return dialogue !== true && attempt.password === password;
  if (attempt.method !== 'publickey' || publicKey === undefined) return false;
  const known = utils.parseKey(publicKey);
  if (known instanceof Error || !attempt.key.data.equals(known.getPublicSSH())) return false;
  // Without a signature the client only asks whether the key would do.
  const { signature, blob = Buffer.alloc(0), hashAlgo } = attempt;
  return signature === undefined || known.verify(blob, signature, hashAlgo) === true;
}

type Handle = { readonly file: string; readonly handle: FileHandle } | { names: FileEntry[] };

class Files {
  readonly #sftp: SFTPWrapper;
  readonly #root: string;
  readonly #mischief: SftpMischief;
  readonly #cut: () => void;
  readonly #handles = new Map<number, Handle>();
  #next = 0;
  #sent = 0;

  constructor(sftp: SFTPWrapper, root: string, mischief: SftpMischief, cut: () => void) {
    this.#sftp = sftp;
    this.#root = root;
    this.#mischief = mischief;
    this.#cut = cut;
  }

  serve(): void {
    const sftp = this.#sftp;
    sftp.on('close', () => {
      for (const found of this.#handles.values()) if ('handle' in found) found.handle.close().catch(() => undefined);
      this.#handles.clear();
    });
    const on = <A extends readonly unknown[]>(event: string, work: (id: number, ...rest: A) => Promise<void>): void => {
      sftp.on(event, (id: number, ...rest: A) => {
        work(id, ...rest).catch((error: unknown) => {
          const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
          sftp.status(id, missing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE, missing ? 'No such file' : 'Failure');
        });
      });
    };
    on<[string]>('OPENDIR', async (id, directory) => this.#give(id, { names: await this.#list(directory) }));
    on<[Buffer]>('READDIR', async (id, handle) => this.#readDirectory(id, handle));
    on<[string, number]>('OPEN', async (id, file, flags) => {
      const here = this.#local(file);
      this.#give(id, { file: here, handle: await open(here, flagsToString(flags) ?? 'r') });
    });
    on<[Buffer, number, number]>('READ', (id, handle, offset, length) => this.#read(id, handle, offset, length));
    on<[Buffer, number, Buffer]>('WRITE', (id, handle, offset, data) => this.#write(id, handle, offset, data));
    on<[Buffer]>('CLOSE', async (id, handle) => {
      const found = this.#handles.get(handle.readUInt32BE());
      this.#handles.delete(handle.readUInt32BE());
      if (found !== undefined && 'handle' in found) await found.handle.close();
      sftp.status(id, STATUS_CODE.OK);
    });
    on<[string]>('STAT', async (id, file) => sftp.attrs(id, attributesOf(await stat(this.#local(file)))));
    on<[string]>('LSTAT', async (id, file) => sftp.attrs(id, attributesOf(await lstat(this.#local(file)))));
    on<[string]>('REMOVE', async (id, file) => {
      await rm(this.#local(file));
      sftp.status(id, STATUS_CODE.OK);
    });
    on<[string, string]>('RENAME', async (id, from, to) => {
      // As the protocol has it: never onto a file that is there.
      const taken = await stat(this.#local(to)).catch(() => undefined);
      if (taken === undefined) await rename(this.#local(from), this.#local(to));
      sftp.status(id, taken === undefined ? STATUS_CODE.OK : STATUS_CODE.FAILURE);
    });
  }

  #local(file: string): string {
    return path.join(this.#root, path.posix.normalize(`/${file}`));
  }

  #give(id: number, handle: Handle): void {
    this.#next += 1;
    this.#handles.set(this.#next, handle);
    const number = Buffer.alloc(4);
    number.writeUInt32BE(this.#next);
    this.#sftp.handle(id, number);
  }

  async #list(directory: string): Promise<FileEntry[]> {
    const here = this.#local(directory);
    const names = await readdir(here);
    const found = await Promise.all(names.map(async (name) => entryOf(name, attributesOf(await lstat(path.join(here, name))))));
    const made = (this.#mischief.extraNames ?? []).map((name) =>
      entryOf(name, { mode: 0o100644, uid: 0, gid: 0, size: 5, atime: 1, mtime: 1 }),
    );
    return [...found, ...made];
  }

  #readDirectory(id: number, handle: Buffer): void {
    const found = this.#handles.get(handle.readUInt32BE());
    if (found === undefined || !('names' in found)) return void this.#sftp.status(id, STATUS_CODE.FAILURE);
    if (this.#mischief.endlessList === true) {
      const one = (index: number): FileEntry => entryOf(`${index}.xml`, { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 1, mtime: 1 });
      return void this.#sftp.name(
        id,
        Array.from({ length: 200 }, (_, index) => one(index)),
      );
    }
    const page = found.names.splice(0, 100);
    if (page.length === 0) this.#sftp.status(id, STATUS_CODE.EOF);
    else this.#sftp.name(id, page);
  }

  async #read(id: number, handle: Buffer, offset: number, length: number): Promise<void> {
    const found = this.#handles.get(handle.readUInt32BE());
    if (found === undefined || !('handle' in found)) return void this.#sftp.status(id, STATUS_CODE.FAILURE);
    const { beforeRead, blockLimit = length, cutAfter = Number.POSITIVE_INFINITY, silentAfter = Number.POSITIVE_INFINITY } = this.#mischief;
    await beforeRead?.(found.file);
    if (this.#sent >= cutAfter) return this.#cut();
    if (this.#sent >= silentAfter) return;
    const { bytesRead, buffer } = await found.handle.read(
      Buffer.alloc(Math.min(length, blockLimit)),
      0,
      Math.min(length, blockLimit),
      offset,
    );
    this.#sent += bytesRead;
    if (bytesRead === 0) this.#sftp.status(id, STATUS_CODE.EOF);
    else this.#sftp.data(id, buffer.subarray(0, bytesRead));
  }

  async #write(id: number, handle: Buffer, offset: number, data: Buffer): Promise<void> {
    const found = this.#handles.get(handle.readUInt32BE());
    if (found === undefined || !('handle' in found)) return void this.#sftp.status(id, STATUS_CODE.FAILURE);
    const { truncateAt = Number.POSITIVE_INFINITY } = this.#mischief;
    const kept = Math.max(0, Math.min(data.length, truncateAt - offset));
    if (kept > 0) await found.handle.write(data, 0, kept, offset);
    this.#sftp.status(id, STATUS_CODE.OK);
  }
}

interface Found {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly atime: number;
  readonly mtime: number;
}

function attributesOf(found: { mode: number; uid: number; gid: number; size: number; atimeMs: number; mtimeMs: number }): Found {
  const { mode, uid, gid, size, atimeMs, mtimeMs } = found;
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

function entryOf(filename: string, attrs: Found): FileEntry {
  return { filename, longname: `-rw-r--r-- 1 a b ${attrs.size} Nov 27 12:00 ${filename}`, attrs };
}
