/** Mails that come back, as mail systems write them. Names and hosts are made up. */

export interface Original {
  /** Envelope sender of the original: where the report goes. */
  readonly returnPath: string;
  readonly messageId: string;
  readonly to: string;
}

interface Told {
  readonly action?: 'failed' | 'delayed' | 'delivered';
  readonly status?: string;
  readonly diagnostic?: string;
  readonly finalRecipient?: string;
}

const lines = (...all: readonly string[]): Buffer => Buffer.from(`${all.join('\r\n')}\r\n`, 'utf8');

const originalHeaders = ({ messageId, to }: Original): readonly string[] => [
  'Received: from library.example.org by mx.example.org; Fri, 27 Nov 2026 10:00:00 +0100',
  'From: The Library <library@example.org>',
  `To: Anna <${to}>`,
  `Message-ID: ${messageId}`,
  'Subject: Your account',
];

/** As Postfix does it: multipart/report with the original's headers (RFC 3464). */
export function postfixReport(original: Original, told: Told = {}): Buffer {
  const {
    action = 'failed',
    status = '5.1.1',
    diagnostic = '550 5.1.1 <x>: Recipient address rejected: User unknown',
    finalRecipient = original.to,
  } = told;
  return lines(
    'Return-Path: <>',
    `Delivered-To: ${original.returnPath}`,
    'From: MAILER-DAEMON@mx.example.org (Mail Delivery System)',
    `To: ${original.returnPath}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B1/mx"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--B1/mx',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.example.org.',
    '',
    '--B1/mx',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    'Arrival-Date: Fri, 27 Nov 2026 10:00:00 +0100 (CET)',
    '',
    `Final-Recipient: rfc822; ${finalRecipient}`,
    `Original-Recipient: rfc822;${original.to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic.slice(0, 20)}`,
    `    ${diagnostic.slice(20)}`,
    '',
    '--B1/mx',
    'Content-Description: Undelivered Message Headers',
    'Content-Type: text/rfc822-headers',
    '',
    ...originalHeaders(original),
    '',
    '--B1/mx--',
  );
}

/** As Exim writes it when nothing else is set: words, and a header of its own. */
export function eximReport(original: Original): Buffer {
  return lines(
    'Return-path: <>',
    `Envelope-to: ${original.returnPath}`,
    `X-Failed-Recipients: ${original.to}`,
    'Auto-Submitted: auto-replied',
    'From: Mail Delivery System <Mailer-Daemon@mx.example.org>',
    `To: ${original.returnPath}`,
    'Subject: Mail delivery failed: returning message to sender',
    '',
    'This message was created automatically by mail delivery software.',
    '',
    `  ${original.to}`,
    '    SMTP error from remote mail server after RCPT TO:',
    '    550 5.1.1 no such user here',
    '',
    '------ This is a copy of the message, including all the headers. ------',
    '',
    ...originalHeaders(original),
  );
}

/** As qmail writes it. */
export function qmailReport(original: Original): Buffer {
  return lines(
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example.org',
    `To: ${original.returnPath}`,
    'Subject: failure notice',
    '',
    'Hi. This is the qmail-send program at mx.example.org.',
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    '',
    `<${original.to}>:`,
    'Sorry, no mailbox here by that name. (#5.1.1)',
    '',
    '--- Below this line is a copy of the message.',
    '',
    ...originalHeaders(original),
  );
}

/** A receiver tells that somebody has pressed "spam" (RFC 5965). */
export function complaintReport(original: Original, type = 'abuse'): Buffer {
  return lines(
    'From: <feedback@mail.example.org>',
    'To: <abuse@example.org>',
    'Subject: FW: Your account',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset="US-ASCII"',
    '',
    'This is an email abuse report.',
    '',
    '--part',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${type}`,
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    `Original-Mail-From: <${original.returnPath}>`,
    `Original-Rcpt-To: <${original.to}>`,
    '',
    '--part',
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    '',
    ...originalHeaders(original),
    '',
    'Dear Anna',
    '--part--',
  );
}

/** A person's answering machine, which writes to the return address as well. */
export function absenceNote(original: Original): Buffer {
  return lines(
    'Return-Path: <>',
    `From: Anna <${original.to}>`,
    `To: ${original.returnPath}`,
    'Subject: Out of office: Your account',
    'Auto-Submitted: auto-replied',
    `In-Reply-To: ${original.messageId}`,
    '',
    'I am away until 5.1.2027. In urgent cases ask room 550 please.',
  );
}
