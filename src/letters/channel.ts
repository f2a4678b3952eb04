export type { Channel, Channels, MailAddress, MailMessage } from '../core/index.ts';

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
