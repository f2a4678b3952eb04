import type { SendMailOptions } from 'nodemailer';
import { DeliveryError, type MailMessage } from './channel.ts';
import { singleLine } from './letter-data.ts';

/**
 * A message as nodemailer takes it; the same for every channel. `returnTo`: where reports about it go,
 * else to its sender. What would be header lines is made one line here once more, whoever composed it.
 * Throws a permanent `DeliveryError` for a recipient that is not one plain address: nodemailer reads a list out of it.
 */
export function mailOptions(message: MailMessage, returnTo?: string): SendMailOptions {
  const { replyTo, unsubscribe } = message;
  if (!ONE_ADDRESS.test(message.to.address)) throw new DeliveryError('permanent', `no e-mail address: ${message.to.address.slice(0, 80)}`);
  return {
    from: named(message.from),
    to: named(message.to),
    ...(replyTo == null ? {} : { replyTo: { name: '', address: replyTo } }),
    // Said again here, so that a comma in a name can never become a second recipient.
    envelope: { from: returnTo ?? message.from.address, to: [message.to.address] },
    messageId: message.messageId,
    subject: singleLine(message.subject),
    text: message.text,
    ...(message.html === '' ? {} : { html: message.html }),
    headers: {
      // RFC 3834: answering machines must not answer.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': message.language,
      ...(isPlainLink(unsubscribe) ? endsBy(unsubscribe) : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Without spaces and whatever has a meaning in a list of addresses. */
const ONE_ADDRESS = /^[^\s\p{Cc}@<>,;:"()[\]\\]+@[^\s\p{Cc}@<>,;:"()[\]\\]+$/u;

/** Whether a link can stand in a header as it is; a mail goes without one that could not. */
export function isPlainLink(link: string | null | undefined): link is string {
  return link != null && /^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]+$/.test(link);
}

/** RFC 8058: whoever reads the mail may end such letters by one request, without opening a page. */
function endsBy(unsubscribe: string): Record<string, string | { prepared: true; value: string }> {
  // Written out: nodemailer's own option for it reaches transports, and not files.
  return {
    'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` },
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

function named({ name, address }: { readonly name: string; readonly address: string }): { name: string; address: string } {
  return { name: singleLine(name), address };
}
