/**
 * Passwords and links come into force before their letters go out, each with the letter's Message-ID and
 * mark. A commit costs as much for one as for a dozen, so those whose hashes are ready share one.
 */
import type { PoolClient } from 'pg';
import type { Context } from '../core/index.ts';
import { type DueMessage, type Leave, markHanded } from './ledger.ts';
import { isRefused } from './recorder.ts';
import { type MadeSecret, revokeSecret, type SenderPorts } from './secret.ts';

/** `stale`: the reset was undone, or a password set otherwise. */
export type SecretLeave = Leave | 'stale';

/** Puts what a letter brings in force, under a new Message-ID: what an earlier attempt brought ends. */
export type CommitSecret = (message: DueMessage, secret: MadeSecret, messageId: string) => Promise<SecretLeave>;

/** So many share a commit at most: half of the messages in hand, so that the others are being hashed meanwhile. */
const MOST = 12;
/** A hash that is ready waits for others so long at most, and never when none is being made. */
const LINGER_MS = 100;

interface Ready {
  readonly message: DueMessage;
  readonly secret: MadeSecret;
  readonly messageId: string;
  readonly hash: string;
}

interface Waiting {
  readonly ready: Ready;
  readonly done: (leave: SecretLeave) => void;
  readonly failed: (error: unknown) => void;
}

export function createCommitSecret(ctx: Context, ports: SenderPorts): CommitSecret {
  let waiting: Waiting[] = [];
  let hashing = 0;
  let timer: NodeJS.Timeout | undefined;

  const commitWaiting = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const group = ofDifferentUsers(waiting).slice(0, MOST);
    if (group.length === 0) return;
    waiting = waiting.filter((each) => !group.includes(each));
    void commitGroup(ctx, ports, group);
    consider();
  };
  const consider = (): void => {
    if (waiting.length >= MOST || hashing === 0) commitWaiting();
    else if (waiting.length > 0) timer ??= setTimeout(commitWaiting, LINGER_MS);
  };
  const hash = async (word: string): Promise<string> => {
    hashing += 1;
    try {
      return await ports.hashPassword(word);
    } finally {
      hashing -= 1;
      // Behind whoever waits for this hash, so that the last one is in the group.
      setImmediate(consider);
    }
  };

  return async (message, secret, messageId) => {
    const ready = { message, secret, messageId, hash: secret.brings === 'password' ? await hash(secret.word) : '' };
    return new Promise((done, failed) => {
      const each = { ready, done, failed };
      // What an earlier attempt brought has to be taken back first; links cost no hash, and do not wait.
      if (secret.brings !== 'password' || message.message_id !== null) void commitGroup(ctx, ports, [each]);
      else waiting.push(each);
    });
  };
}

/** A user with two letters gets the second password after the first. */
function ofDifferentUsers(waiting: readonly Waiting[]): Waiting[] {
  const seen = new Set<number>();
  return waiting.filter(({ ready }) => !seen.has(ready.message.user_id) && seen.add(ready.message.user_id));
}

async function commitGroup(ctx: Context, ports: SenderPorts, group: readonly Waiting[]): Promise<void> {
  const [first] = group;
  try {
    const leaves = await ctx.db.transaction((tx) =>
      putInForce(
        tx,
        ports,
        group.map((each) => each.ready),
      ),
    );
    for (const [i, each] of group.entries()) each.done(leaves[i] ?? 'gone');
  } catch (error) {
    if (group.length === 1) {
      if (error instanceof NotToGo) first?.done(error.leave);
      else first?.failed(error);
    } else if (error instanceof NotToGo || isRefused(error)) {
      // Rolled back for certain: each for itself. After a lost connection nobody knows, and the next attempt takes it back.
      for (const each of group) await commitGroup(ctx, ports, [each]);
    } else for (const each of group) each.failed(error);
  }
}

async function putInForce(tx: PoolClient, ports: SenderPorts, group: readonly Ready[]): Promise<SecretLeave[]> {
  // With an id an earlier attempt has committed a hash; if its sender died, nobody has taken it back.
  for (const { message } of group) if (message.message_id !== null) await revokeSecret(tx, message, ports);
  const results = await commitAll(tx, ports, group);
  const fresh = group.filter((_, i) => results[i] === 'committed');
  if (fresh.length > 0) {
    const leaves = await markHanded(
      tx,
      fresh.map(({ message, messageId }) => ({ ...message, newMessageId: messageId })),
    );
    const other = leaves.find((leave) => leave !== 'go');
    if (other !== undefined) throw new NotToGo(other);
  }
  return results.map((result) => (result === 'committed' ? 'go' : 'stale'));
}

/** A group that is more than one brings passwords alone. */
async function commitAll(tx: PoolClient, ports: SenderPorts, group: readonly Ready[]): Promise<readonly ('committed' | 'stale')[]> {
  const [first] = group;
  if (first !== undefined && first.secret.brings !== 'password') {
    const { message, secret } = first;
    return [
      await ports.commitLink(tx, { runId: message.run_id, userId: message.user_id, token: secret.word, brings: first.secret.brings }),
    ];
  }
  return ports.commitCredentials(
    tx,
    group.map(({ message, hash }) => ({ runId: message.run_id, userId: message.user_id, hash, temporary: true })),
  );
}

/** Rolls the credentials back: the batch is paused, or an undo or another sender has the row now. */
class NotToGo extends Error {
  override readonly name = 'NotToGo';
  readonly leave: Exclude<Leave, 'go'>;

  constructor(leave: Exclude<Leave, 'go'>) {
    super(leave);
    this.leave = leave;
  }
}
