import { access, constants, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { SendMailOptions } from 'nodemailer';
import { type Channel, DeliveryError, type MailMessage } from './channel.ts';
import { mailOptions } from './compose.ts';
import { rawMail } from './raw-mail.ts';

/** Below the data directory. */
const DIRECTORY = 'mailbox';

/**
 * The channel while no mail server is configured: every message becomes a file
 * `mailbox/YYYY-MM-DD/<outbox id>.eml` that only its owner can read, and nothing leaves the machine.
 * The name is made of the ledger's number and day alone, so a message that is written a second time
 * (because the first time could not be recorded) replaces itself.
 */
export function createMailboxChannel(dataDir: string): Channel {
  const made = new Map<string, Promise<unknown>>();

  /** Makes the directory once per day; a failure is not remembered. */
  const directoryOf = async (day: string): Promise<string> => {
    const directory = path.join(dataDir, DIRECTORY, day);
    let making = made.get(day);
    if (making === undefined) {
      making = mkdir(directory, { recursive: true, mode: 0o700 });
      made.set(day, making);
      making.catch(() => made.delete(day));
    }
    await making;
    return directory;
  };

  return {
    kind: 'mailbox',
    defaultFrom: 'library@localhost',
    deliver: async (message) => {
      try {
        await writeWhole(await directoryOf(message.queuedOn), message);
      } catch (error) {
        if (error instanceof DeliveryError) throw error;
        // A full disk or a missing permission concerns every message alike.
        throw new DeliveryError('unreachable', error instanceof Error ? error.message : String(error), { cause: error });
      }
      return { file: mailboxFile(message) };
    },
    describe: () => ({ directory: path.join(dataDir, DIRECTORY) }),
    verify: async () => {
      try {
        await mkdir(path.join(dataDir, DIRECTORY), { recursive: true, mode: 0o700 });
        await access(path.join(dataDir, DIRECTORY), constants.W_OK);
      } catch (error) {
        throw new DeliveryError('unreachable', error instanceof Error ? error.message : String(error), { cause: error });
      }
    },
    close: async () => undefined,
  };
}

function mailboxFile(message: MailMessage): string {
  return path.posix.join(DIRECTORY, message.queuedOn, `${nameOf(message)}.eml`);
}

function nameOf(message: MailMessage): string {
  return message.series === undefined ? String(message.outboxId) : `${message.series}-${message.outboxId}`;
}

async function composed(options: SendMailOptions): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  return new MailComposer({ ...options, newline: 'windows' }).compile().build();
}

/** Under its name there is always a whole message, also after a power cut. */
async function writeWhole(directory: string, message: MailMessage): Promise<void> {
  const options = mailOptions(message);
  // As it would go over the line.
  const content = rawMail(message) ?? (await composed(options));
  const draft = path.join(directory, `.${nameOf(message)}.draft`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path.join(directory, `${nameOf(message)}.eml`));
}
