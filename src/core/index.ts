export { todayIn } from './clock.ts';
export type { Channel, Channels, Delivered, MailAddress, MailMessage } from './channel.ts';
export {
  type Actor,
  type ActorRole,
  type Context,
  type Database,
  type Doorbell,
  FIELD_GROUPS,
  type FieldGroup,
  type GrantRule,
  type KeyUse,
  type Origin,
  type ProcessHealth,
  type Progress,
  type Queryable,
  type Rights,
} from './context.ts';
export { AppError } from './errors.ts';
export { escapeHtml } from './escape-html.ts';
export { InGroups } from './in-groups.ts';
export { localName } from './local-name.ts';
export { sameText } from './same-text.ts';
export { type AnyOperation, type AuditEntry, type Operation, operation, parseInput, problemsOf } from './operation.ts';
export { PRIVILEGE_LABELS, PRIVILEGES, type Privilege } from './privileges.ts';
export { declaredSettings, declareSetting, readSetting, type Setting, settingNamed, settingValue } from './settings.ts';
export { askTogether, type Part } from './together.ts';
export { count, day, id, instant } from './values.ts';
export { type Catalogue, type Language, say, sayAny, type Text, type TextCode, type TextParams, texts } from './texts/index.ts';
