/**
 * The ways out for messages, as a port: `letters` implements them, `app` makes them of the configuration,
 * and whoever sends or tries one finds them in its context.
 */

/** One letter to one user, ready to go out. */
export interface MailMessage {
  readonly outboxId: number;
  /** Whose numbers `outboxId` is one of: mails about runs have numbers of their own, and so have test mails. */
  readonly series?: 'run' | 'test';
  /** Day on which it was put into the outbox, `YYYY-MM-DD`; the mailbox sorts by it. */
  readonly queuedOn: string;
  /** With angle brackets; the same at every attempt of one content. */
  readonly messageId: string;
  readonly from: MailAddress;
  /** By SMS the address is a telephone number, as the record has it. */
  readonly to: MailAddress;
  /** Where answers go; nothing: to the sender. */
  readonly replyTo?: string | null;
  readonly language: string;
  /** Not sent by SMS. */
  readonly subject: string;
  /** The text part of a mail; of an SMS all there is. */
  readonly text: string;
  /** Empty: the mail has its text alone. */
  readonly html: string;
  /** Address that ends letters of this type for this user (see `unsubscribeLinks`); nothing for essential types. */
  readonly unsubscribe?: string | null;
}

export interface MailAddress {
  /** One line; may be empty. */
  readonly name: string;
  readonly address: string;
}

export interface Delivered {
  /** Path below the data directory, when the channel keeps a file. */
  readonly file: string | null;
  /** What the gateway calls the message, when it says so. */
  readonly reference?: string;
}

export interface Channel {
  readonly kind: 'smtp' | 'mailbox' | 'sms_gateway' | 'sms_mail';
  /** The sender's address where the library has not set one. */
  readonly defaultFrom: string;
  /**
   * Resolves when the message has been handed over for good; rejects with a `DeliveryError`.
   * When `signal` aborts, the delivery has to end soon, in whichever way.
   */
  deliver(message: MailMessage, signal: AbortSignal): Promise<Delivered>;
  /** How it is configured, without secrets: for the administration page. Nothing to tell: left out. */
  describe?(): Readonly<Record<string, string | number | boolean | null>>;
  /** Whether the other side can be reached and takes us, without sending anything. Rejects with a `DeliveryError`. */
  verify?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The ways out of one installation; null: there is none. */
export interface Channels {
  readonly email: Channel;
  readonly sms: Channel | null;
}
