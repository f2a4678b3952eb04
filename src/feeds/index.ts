export { type CirculationResult, importCirculation } from './circulation.ts';
export { type GenerateResult, generateUsers } from './generate/index.ts';
export { exportUsers } from './export-users.ts';
export { countChanged, exportChanged } from './export-changed/index.ts';
export { type ImportError, type ImportResult, importUsers } from './import-users.ts';
export { showUser } from './show-user.ts';
export { type AlmaUser, toAlma } from './to-alma.ts';
export { USER_XML } from './alma-xml.ts';
export { readXmlDocument } from './xml-document.ts';
export { escapeText, type Json, jsonOfXml, writeXml, type XmlShape } from './xml-shape.ts';
export { RecordRefused } from './record-refused.ts';
export { writeWhole } from './export-file.ts';
export { createUser, identifierInUse, replaceUserRecord } from './write-user.ts';
export { listCirculation } from './list-circulation.ts';
export { listUsers, type UserList } from './list-users.ts';
export { QUERY_FIELDS, type QueryField, queryUsers } from './query-users.ts';
export type { RecordProblem } from './check-record.ts';
export { problemText } from './record-refused.ts';
export {
  createWebhook,
  deleteWebhook,
  expireDeliveries,
  listDeliveries,
  listWebhooks,
  retryDeliveries,
  sendWebhooks,
  signatureOf,
  updateWebhook,
  type WebhookDelivery,
  type WebhookView,
} from './webhooks/index.ts';
export {
  confirmFeedFile,
  createFeed,
  deleteFeed,
  discardFeedFile,
  FEED_OPERATIONS,
  type FeedFileView,
  type FeedPreview,
  fetchFeedNow,
  listFeedFiles,
  listFeeds,
  listRejections,
  loadFeed,
  previewFeed,
  previewHeld,
  type ProfileView,
  showFeed,
  tendFeeds,
  updateFeed,
} from './sync/index.ts';
export { authenticateUser } from './authenticate-user.ts';
