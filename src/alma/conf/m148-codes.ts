/**
 * The words in which programs fill in the job's parameters, in one place: Alma's public documents
 * show only some of the codes, so a spelling that turns up elsewhere is added here and nowhere else.
 */

/** Every parameter that the job knows; a name that is not here is refused. */
const FIELDS_WITH_CONDITION = ['Status', 'Expiry_Date', 'Purge_Date', 'UserGroup', 'Campus', 'Title', 'JobDescription'] as const;
const FIELDS = [
  'SetAccountTo',
  'DontGeneratePassword',
  'CatalogerLevel',
  'RSL',
  'RemoveRSL',
  'DisableSMS',
  'Opt_In_Patron_Letters',
  'Opt_Out_Patron_Letters',
  'ExportToCloudIdP',
] as const;
const FIELDS_WITH_SCOPE = ['AddBlock', 'DisableBlock', 'AddNote', 'AddRole', 'RemoveRole', 'AddStatistics'] as const;

export type FieldName =
  | (typeof FIELDS_WITH_CONDITION)[number]
  | (typeof FIELDS)[number]
  | (typeof FIELDS_WITH_SCOPE)[number]
  | 'RemoveStatistics';

export const PREFIX = 'UPDATE_User_Information_';
export const SEND = 'SEND_Notification_To_User';

const ACTION = ['Active', 'Value'] as const;

/** The 72 names, in the order in which Alma's own form gives them out. */
export const PARAMETER_NAMES: readonly string[] = [
  `${PREFIX}FieldType_Value`,
  ...names(['SetAccountTo', 'DontGeneratePassword'], ACTION),
  ...names(FIELDS_WITH_CONDITION, [...ACTION, 'Condition']),
  ...names(['CatalogerLevel', 'RSL', 'RemoveRSL'], ACTION),
  ...names(FIELDS_WITH_SCOPE, [...ACTION, 'Scope', 'Scope_Name']),
  ...names(['RemoveStatistics'], [...ACTION, 'Scope']),
  ...names(['DisableSMS', 'Opt_In_Patron_Letters', 'Opt_Out_Patron_Letters', 'ExportToCloudIdP'], ACTION),
  `${SEND}_Active`,
  `${SEND}_Value`,
  'PRODUCT',
  'set_id',
  'job_name',
];

function names(fields: readonly FieldName[], parts: readonly string[]): string[] {
  return fields.flatMap((field) => parts.map((part) => `${PREFIX}${field}_${part}`));
}

/** Spellings, compared without capitals, blanks and punctuation. */
export function bare(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** When an action applies; only `Null` is certain, the others are the labels and codes of the same widget elsewhere. */
export const CONDITIONS: Readonly<Record<string, 'always' | 'if_empty' | 'if_not_empty'>> = {
  '': 'always',
  null: 'always',
  none: 'always',
  always: 'always',
  unconditional: 'always',
  unconditionally: 'always',
  empty: 'if_empty',
  ifempty: 'if_empty',
  isempty: 'if_empty',
  fieldempty: 'if_empty',
  fieldisempty: 'if_empty',
  iffieldempty: 'if_empty',
  iffieldisempty: 'if_empty',
  notempty: 'if_not_empty',
  ifnotempty: 'if_not_empty',
  isnotempty: 'if_not_empty',
  fieldnotempty: 'if_not_empty',
  fieldisnotempty: 'if_not_empty',
  iffieldnotempty: 'if_not_empty',
  iffieldisnotempty: 'if_not_empty',
};

export const ACCOUNT_TYPES: Readonly<Record<string, 'INTERNAL' | 'EXTERNAL' | 'INTEXTAUTH'>> = {
  internal: 'INTERNAL',
  external: 'EXTERNAL',
  intextauth: 'INTEXTAUTH',
  internalwithexternalauthentication: 'INTEXTAUTH',
};

/** Whose the added notes, blocks and statistics are. */
export const SEGMENTS: Readonly<Record<string, 'Internal' | 'External' | 'by_account_type'>> = {
  '': 'by_account_type',
  null: 'by_account_type',
  byuseraccounttype: 'by_account_type',
  internal: 'Internal',
  external: 'External',
};

/**
 * What `_Scope` says of each list action: a field of the row that is added, or that rows must have
 * to be touched. `_Scope_Name` only names the scope for people and is not looked at.
 */
export const SCOPES: Readonly<Record<(typeof FIELDS_WITH_SCOPE)[number] | 'RemoveStatistics', string>> = {
  AddBlock: 'note',
  DisableBlock: 'note',
  AddNote: 'type',
  AddRole: 'scope',
  RemoveRole: 'scope',
  AddStatistics: 'type',
  RemoveStatistics: 'type',
};

/** `reset`: new passwords for internal users, each brought by its letter; else the notification type that is sent. */
export type Notification = { readonly reset: true } | { readonly type: string };

/** Alma's notification types in ours; any other code is taken for a type of the library's own. */
export const NOTIFICATIONS: Readonly<Record<string, Notification>> = {
  NOTIFY_PASSWORD_CHANGE: { reset: true },
  CREDENTIALS_CHANGED: { reset: true },
  SOCIAL_LOGIN_INVITAION: { type: 'ACCOUNT_TYPE_CHANGED' },
  SOCIAL_LOGIN_INVITATION: { type: 'ACCOUNT_TYPE_CHANGED' },
};
