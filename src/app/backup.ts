import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../core/index.ts';
import { type Backup, backupDatabase, claimServer, type DatabaseConfig, type Restored, restoreDatabase } from '../db/index.ts';
import { filesWithPasswords } from '../letters/index.ts';
import { isInUse, settleRestored } from '../runs/index.ts';

/** Below the data directory; everything else in it is the database's own, or made anew. */
const DIRECTORIES = ['mailbox', 'print'];

/** `muster backup`: everything, at one moment, while work goes on. Files that carry a password stay out. */
export async function backupInstallation(config: DatabaseConfig, file: string): Promise<Backup> {
  if (existsSync(file)) throw new AppError('backup.exists', { file });
  return backupDatabase(config, path.resolve(file), {
    dataDir: config.dataDir,
    directories: DIRECTORIES,
    without: filesWithPasswords,
  });
}

/** `muster restore`: into an installation without users, in which no server runs meanwhile. */
export async function restoreInstallation(config: DatabaseConfig, file: string): Promise<Restored> {
  const claim = await claimServer(config.dataDir);
  try {
    return await restoreDatabase(config, path.resolve(file), {
      dataDir: config.dataDir,
      directories: DIRECTORIES,
      occupied: isInUse,
      settle: settleRestored,
    });
  } finally {
    claim.release();
  }
}
