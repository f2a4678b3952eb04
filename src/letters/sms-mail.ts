/** Text messages through a mail server that turns mails into such: one address for each number. */
import type { Channel } from './channel.ts';

export interface SmsMailOptions {
  /** `{{ number }}@sms.example.org`: the number stands there in digits, with its country code. */
  readonly address: string;
  /** The number to dial, as networks know it, or a `DeliveryError` (see `smsNumber`). */
  readonly numberOf: (written: string) => Promise<string>;
}

/** Closing it leaves the mail channel open, which is somebody else's too. */
export function createSmsMail(email: Channel, options: SmsMailOptions): Channel {
  return {
    kind: 'sms_mail',
    defaultFrom: email.defaultFrom,
    deliver: async (message, signal) => {
      const digits = (await options.numberOf(message.to.address)).slice(1);
      const address = options.address.replace(/\{\{\s*number\s*\}\}/, digits);
      const { unsubscribe: _, ...rest } = message;
      return email.deliver({ ...rest, to: { name: '', address }, html: '' }, signal);
    },
    describe: () => ({ address: options.address, ...email.describe?.() }),
    ...(email.verify === undefined ? {} : { verify: (signal: AbortSignal) => email.verify?.(signal) ?? Promise.resolve() }),
    close: async () => undefined,
  };
}
