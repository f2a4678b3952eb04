export { fillForeseen, type ForeseenLetter, type ForeseenMessage, readForeseen } from './foreseen.ts';
export { filesWithPasswords, holdAllLetters } from './hold-all.ts';
export { expireAlerts, type OperatorAlert, type TellAlert, tellAlerts } from './alerts.ts';
export { type FollowUpPorts, followUpReports } from './bounces/follow-up.ts';
export { listReports, type ReportView } from './bounces/list-reports.ts';
export { takeReportFiles } from './bounces/report-directory.ts';
export { LARGEST_REPORT_MB, takeReport } from './bounces/take-report.ts';
export { type Channel, type Channels, DeliveryError } from './channel.ts';
export { showChannels, testChannel } from './channel-operations.ts';
export { DELIVERY_OPERATIONS } from './delivery-operations.ts';
export { tidyPace } from './claim.ts';
export { expireContents } from './contents.ts';
export { deliveryFailure, senderOf } from './direct.ts';
export { type Dkim, dkimRecord, isDkimKey } from './dkim.ts';
export { expireMailbox } from './expire-mailbox.ts';
export { chooseLanguage } from './language.ts';
export { FORGOTTEN_LETTER } from './letter-data.ts';
export { listLetters, saveLetter, showLetter } from './letter-operations.ts';
export { readLetterKey } from './letter-key.ts';
export { createMailboxChannel } from './mailbox.ts';
export { cancelQueued, countLetters, type LetterCounts, OUTBOX_STATES, type OutboxState, SHOWN_STATES, type ShownState } from './outbox.ts';
export {
  cancelOutbox,
  listPauses,
  OUTBOX_OPERATIONS,
  pauseOutbox,
  resolveMessages,
  resumeOutbox,
  retryMessages,
} from './outbox-control.ts';
export { countMessages, listMailbox } from './outbox-counts.ts';
export { listMessages, listUserMessages, showMessage } from './outbox-operations.ts';
export { AWKWARD, findAwkward } from './awkward.ts';
export { checkLetters } from './check-letters.ts';
export { languageTag, typeCode } from './input.ts';
export { problemSchema, sayProblems } from './problems.ts';
export { readTypes, requireType } from './types.ts';
export { importLetterHtml, listLetterFields } from './writing-operations.ts';
export { previewLetter } from './preview.ts';
export { formFields, formsField, NO_FORMS } from './shown-forms.ts';
export { saveFrame, saveSnippet } from './save-operations.ts';
export {
  LETTER_CHANNELS,
  type LetterChannel,
  type LetterRules,
  letterRulesSchema,
  PLAN_CHANNELS,
  readLetterRules,
} from './letter-rules.ts';
export {
  isPostalSql,
  mailAddressSql,
  RECIPIENT_COLUMNS,
  RECIPIENT_TABLES,
  recipientKind,
  recipientQuery,
  type RecipientSource,
  type RecipientSql,
  recipientSql,
} from './recipient.ts';
export { releaseOnePerAddress, spareMailsOf } from './same-address.ts';
export {
  deletePrint,
  downloadPrint,
  expirePrints,
  listPrints,
  makePrint,
  makePrints,
  PRINT_OPERATIONS,
  type PrintBatchView,
  showPrint,
} from './print/index.ts';
export type { SenderPorts } from './secret.ts';
export { type SendOptions, type SendResult, sendDue } from './sender.ts';
export { publishedVersionsOf } from './shelf.ts';
export { smsNumber } from './sms-number.ts';
export { createReturnAddresses } from './return-address.ts';
export { createSmsGateway, type SmsGateway } from './sms-gateway.ts';
export { createSmsMail } from './sms-mail.ts';
export { LIBRARY_COUNTRY, SMS_ENABLED } from './sms-settings.ts';
export { smsTemplateProblem } from './sms-template.ts';
export { createSmtpChannel, type SmtpOptions } from './smtp.ts';
export { exportSuppressions, importSuppressions } from './suppression-files.ts';
export { liftAddress, listSuppressions, suppressAddress, type SuppressionView } from './suppression-operations.ts';
export {
  compareText,
  listTexts,
  listTextVersions,
  publishText,
  rollBackText,
  showText,
  TEXT_OPERATIONS,
  withdrawTextOperation,
} from './text-operations.ts';
export {
  createNotificationType,
  deleteNotificationType,
  listNotificationTypes,
  type NotificationType,
  reorderNotificationTypes,
  setDefaultNotificationType,
  showNotificationType,
  TYPE_OPERATIONS,
  updateNotificationType,
} from './type-operations.ts';
export { eventOf, noteRunMails, type RunEvent } from './note-run-mails.ts';
export { testSend } from './test-send.ts';
export { type ChooseLetter, readSubscription, setSubscription, type Subscribed } from './unsubscribe.ts';
export { UNSUBSCRIBE_PATH } from './unsubscribe-link.ts';
