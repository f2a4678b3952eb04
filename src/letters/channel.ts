/** One letter to one user, ready to go out. */
export interface MailMessage {
  readonly outboxId: number;
  /** Whose numbers `outboxId` is one of: mails about runs have numbers of their own. */
  readonly series?: 'run';
  /** Day on which it was put into the outbox, `YYYY-MM-DD`; the mailbox sorts by it. */
  readonly queuedOn: string;
  /** With angle brackets. */
  readonly messageId: string;
  readonly from: MailAddress;
  readonly to: MailAddress;
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailAddress {
  /** One line; may be empty. */
  readonly name: string;
  readonly address: string;
}

export interface Delivered {
  /** Path below the data directory, when the channel keeps a file. */
  readonly file: string | null;
}

/** A way out for messages. */
export interface Channel {
  readonly kind: 'smtp' | 'mailbox';
  /** The sender's address where the library has not set one. */
  readonly defaultFrom: string;
  /**
   * Resolves when the message has been handed over for good; rejects with a `DeliveryError`.
   * When `signal` aborts, the delivery has to end soon, in whichever way.
   */
  deliver(message: MailMessage, signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
}

/**
 * Why a message was not delivered:
 * - `permanent`: the server refuses this message for good
 * - `temporary`: this message, this time
 * - `unreachable`: the channel itself does not work, so other messages need not be tried now
 */
export type DeliveryFailure = 'permanent' | 'temporary' | 'unreachable';

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly failure: DeliveryFailure;

  constructor(failure: DeliveryFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
