import type { Channel, Channels, Database } from '../core/index.ts';
import {
  createMailboxChannel,
  createReturnAddresses,
  createSmsGateway,
  createSmsMail,
  createSmtpChannel,
  dkimRecord,
  readLetterKey,
  smsNumber,
} from '../letters/index.ts';
import type { Config } from './config.ts';

/** The ways out for letters that the configuration names. Nothing is connected before there is something to send. */
export function createChannels(config: Config, db: Database): Channels {
  const email = createEmail(config, db);
  return { email, sms: createSms(config, db, email) };
}

/** Mail goes out when a server is configured; until then it is kept in the data directory. */
function createEmail(config: Config, db: Database): Channel {
  if (config.smtpUrl === undefined) return createMailboxChannel(config.dataDir);
  const { smtp, dkim, bounces } = config.letters;
  const channel = createSmtpChannel(config.smtpUrl, {
    tls: smtp.tls,
    maxConnections: smtp.connections,
    ...(smtp.ca === undefined ? {} : { ca: smtp.ca }),
    ...(dkim === undefined ? {} : { dkim }),
    ...(bounces.address === undefined ? {} : { returnTo: createReturnAddresses(bounces.address, () => readLetterKey(db.pool)) }),
  });
  const record = dkim === undefined ? null : dkimRecord(dkim);
  return {
    ...channel,
    defaultFrom: addressOf(config.mailFrom),
    describe: () => ({
      ...channel.describe?.(),
      from: addressOf(config.mailFrom),
      dkim_record: record?.name ?? null,
      dkim_value: record?.value ?? null,
      bounce_address: bounces.address ?? null,
      bounce_directory: bounces.directory ?? null,
      bounce_webhook: bounces.secret !== undefined,
    }),
  };
}

function createSms(config: Config, db: Database, email: Channel): Channel | null {
  const { sms } = config.letters;
  if (sms === undefined) return null;
  const numberOf = (written: string): Promise<string> => smsNumber(db.pool, written);
  if ('gateway' in sms) return createSmsGateway(sms.gateway, { numberOf });
  return createSmsMail(email, { address: sms.mailAddress, numberOf });
}

/** `The Library <library@example.org>` → `library@example.org` */
function addressOf(sender: string): string {
  return (/<([^<>]+)>\s*$/.exec(sender)?.[1] ?? sender).trim();
}
