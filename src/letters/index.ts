export type { Channel } from './channel.ts';
export { expireMailbox } from './expire-mailbox.ts';
export { listLetters, previewLetter, saveLetter, showLetter } from './letter-operations.ts';
export { createMailboxChannel } from './mailbox.ts';
export { cancelQueued, countLetters, type LetterCounts, OUTBOX_STATES, type OutboxState } from './outbox.ts';
export { cancelOutbox, listMessages, retryMessages, showMessage } from './outbox-operations.ts';
export { optedOutSql, type RecipientSql, recipientSql } from './recipient.ts';
export { type SenderPorts, type SendOptions, type SendResult, sendDue } from './sender.ts';
export { createSmtpChannel, type SmtpOptions } from './smtp.ts';
