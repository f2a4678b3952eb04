import type { SendMailOptions } from 'nodemailer';
import type { MailMessage } from './channel.ts';

/** A message as nodemailer takes it; the same for every channel. */
export function mailOptions(message: MailMessage): SendMailOptions {
  return {
    from: { ...message.from },
    to: { ...message.to },
    // Said again here, so that a comma in a name can never become a second recipient.
    envelope: { from: message.from.address, to: [message.to.address] },
    messageId: message.messageId,
    subject: message.subject,
    text: message.text,
    html: message.html,
    headers: {
      // RFC 3834: answering machines must not answer.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': message.language,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
