/** Whether a password is right: the same answer, after about the same time, whether there is such an account or not. */
import { AppError, type Context, todayIn } from '../../core/index.ts';
import { hashPassword, newPassword, verifyPassword } from '../passwords.ts';
import { type Account, findAccount } from './account.ts';
import { hashing } from './bounded.ts';
import { LONGEST_PASSWORD } from './password-rules.ts';
import { accountKey, addressKey, countAttempt, freeAccount, PER_ACCOUNT, PER_ADDRESS, takeAttemptBack } from './throttle.ts';

/** What is compared when there is nothing to compare with. */
let dummy: Promise<string> | undefined;

/** Longer ones cannot have been set here, though an import may have; beyond this nothing is hashed. */
const LONGEST_TRIED = LONGEST_PASSWORD * 8;

export interface Verification {
  readonly identifier: string;
  readonly password: string;
  /** Whether the caller's address is throttled as well; not where one program asks for everybody. */
  readonly perAddress: boolean;
}

/** Told by `onAccount` before anything is decided, for the audit. Throws `access.bad_credentials`, `access.locked`, `access.busy`, `access.account_ended`. */
export async function verify(
  ctx: Context,
  v: Verification,
  onAccount: (account: Account | undefined) => void = () => undefined,
): Promise<Account> {
  const db = ctx.db.pool;
  const account = await findAccount(db, v.identifier, todayIn(ctx.timeZone));
  onAccount(account);
  const address = v.perAddress && ctx.origin?.address ? addressKey(ctx.origin.address) : null;
  const key = accountKey(account?.id, v.identifier);
  if (address !== null) await countAttempt(db, address, PER_ADDRESS);
  await countAttempt(db, key, PER_ACCOUNT);

  const busy = async (error: unknown): Promise<never> => {
    // Nothing was tried, so nothing counts.
    await takeAttemptBack(db, key, PER_ACCOUNT);
    if (address !== null) await takeAttemptBack(db, address, PER_ADDRESS);
    throw error;
  };
  const right = await hashing(() => matches(account?.hash ?? null, v.password)).catch(busy);
  if (!right || account === undefined) throw new AppError('access.bad_credentials', {});
  await freeAccount(db, account.id);
  if (address !== null) await takeAttemptBack(db, address, PER_ADDRESS);
  // Only who knows the password learns this.
  if (!account.active) throw new AppError('access.account_ended', {});
  return account;
}

async function matches(hash: string | null, password: string): Promise<boolean> {
  dummy ??= hashPassword(newPassword());
  const compared = await verifyPassword(hash ?? (await dummy), password.slice(0, LONGEST_TRIED));
  return compared && hash !== null && password.length <= LONGEST_TRIED;
}

/**
 * For programs that ask whether somebody's password is right (`op=auth`). Throttled per account; the
 * address is the program's, which asks for everybody. Throws `access.bad_credentials`, `access.locked`,
 * `access.busy`, `access.account_ended`.
 */
export async function verifyUserPassword(ctx: Context, identifier: string, password: string): Promise<void> {
  await verify(ctx, { identifier, password, perAddress: false });
}
