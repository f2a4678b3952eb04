/** What a letter with credentials brings: made by each attempt, and in force before the letter goes out. */
import type { PoolClient } from 'pg';
import type { Channels } from './channel.ts';
import type { DueMessage } from './ledger.ts';
import { type Brings, MASKED_PASSWORD, type Secret } from './letter-data.ts';

/** What the sender needs of other rooms. */
export interface SenderPorts {
  readonly channels: Channels;
  newPassword(): string;
  hashPassword(password: string): Promise<string>;
  /** A one-time link; it works when it is committed. */
  newLink(): { readonly token: string; readonly url: string };
  /**
   * Puts hashes in force, each for another user whose credential is pending, as journalled changes of the runs;
   * answers in their order. `stale`: it is not pending any more (a password was set by hand, the run was undone).
   */
  commitCredentials(
    tx: PoolClient,
    credentials: readonly { readonly runId: number; readonly userId: number; readonly hash: string; readonly temporary: boolean }[],
  ): Promise<readonly ('committed' | 'stale')[]>;
  /**
   * Puts a one-time link in force; an earlier one of the user ends. `stale`: a link in place of a password,
   * and the credential is not pending any more; or the user is no longer internal.
   */
  commitLink(
    tx: PoolClient,
    link: { readonly runId: number; readonly userId: number; readonly token: string; readonly brings: 'link' | 'forgotten' },
  ): Promise<'committed' | 'stale'>;
  /** Ends what this run's letter carried, if it has not been used. */
  revokeLink(tx: PoolClient, of: { readonly runId: number; readonly userId: number }): Promise<void>;
  /** Makes the credential pending again if the one in force is still that which this run's letter carried. */
  revokeCredential(tx: PoolClient, of: { readonly runId: number; readonly userId: number }): Promise<void>;
}

/** What a letter brings: each attempt makes a new one. `word` is what nobody else may read. */
export interface MadeSecret {
  readonly word: string;
  readonly shown: Secret;
  readonly brings: Brings;
}

export function newSecret(message: Pick<DueMessage, 'brings'>, ports: SenderPorts): MadeSecret {
  if (message.brings === 'link' || message.brings === 'forgotten') {
    const { token, url } = ports.newLink();
    return { word: token, shown: { link: url }, brings: message.brings };
  }
  const password = ports.newPassword();
  return { word: password, shown: { password }, brings: 'password' };
}

/** Ends what an attempt of this message has brought. */
export async function revokeSecret(
  tx: PoolClient,
  message: Pick<DueMessage, 'run_id' | 'user_id' | 'brings'>,
  ports: SenderPorts,
): Promise<void> {
  const of = { runId: message.run_id, userId: message.user_id };
  if (message.brings === 'link' || message.brings === 'forgotten') await ports.revokeLink(tx, of);
  else await ports.revokeCredential(tx, of);
}

/** A server's answer may quote the message. */
export function withoutSecret(error: unknown, secret: MadeSecret | undefined): string {
  const text = error instanceof Error ? error.message : String(error);
  return secret === undefined ? text : text.replaceAll(secret.word, MASKED_PASSWORD);
}
