/** Notification types as a library configures them: as many as it likes. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { instant, operation, type Queryable } from '../core/index.ts';
import { typeCode } from './input.ts';
import { changeType, createTypeRow, deleteTypeRow, reorderTypes, setDefaultType, usesOfType } from './type-store.ts';
import { letterStateSchema, readTypeLetters, typeNotFound } from './types.ts';

const label = z.string().trim().min(1).max(200);
const description = z.string().trim().max(1_000).nullable();
const oneLine = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be a single line');
const address = z.email().max(254);

/** Fields that staff set; the table `notification_types` says what each means. */
const typeFields = {
  label_en: label.describe('Name in English'),
  label_de: label.describe('Name in German'),
  description_en: description,
  description_de: description,
  active: z.boolean().describe('Inactive types cannot be chosen any more'),
  essential: z.boolean().describe('Always sent: users cannot opt out of it'),
  one_per_address: z.boolean().describe('Several users of one run with one address get one letter'),
  not_again_days: z
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .describe('Nobody gets a letter of the type again within so many days; null: no such limit'),
  once_per: z
    .enum(['expiry_date', 'purge_date'])
    .nullable()
    .describe('A date of the record, for each value of which a user is written to once'),
  keep_days: z
    .int()
    .min(0)
    .max(3_650)
    .nullable()
    .describe('Days after which the contents of sent messages are deleted; null: the library’s setting'),
  sender_name: oneLine.min(1).nullable().describe('Null: the library’s name'),
  sender_email: address.nullable().describe('Null: the library’s address'),
  reply_to: address.nullable().describe('Where answers go; null: to the sender'),
};

const typeSchema = z.object({
  code: z.string(),
  ...typeFields,
  // What is stored may be older than the rules of today.
  sender_name: z.string().nullable(),
  sender_email: z.string().nullable(),
  reply_to: z.string().nullable(),
  is_default: z.boolean().describe('Chosen beforehand where a letter is chosen'),
  credentials: z.boolean().describe('Carries a password or a one-time link; sent by itself'),
  position: z.int(),
  modified_at: instant,
  modified_by: z.string().nullable(),
  letters: z.array(letterStateSchema),
});
export type NotificationType = z.output<typeof typeSchema>;

const optionalFields = Object.fromEntries(Object.entries(typeFields).map(([name, field]) => [name, field.optional()])) as {
  readonly [Name in keyof typeof typeFields]: z.ZodOptional<(typeof typeFields)[Name]>;
};

const audited = (id: string | null) => ({ entity: 'notification_type', id });

export const listNotificationTypes = operation({
  name: 'notification_type.list',
  summary: {
    en: 'Lists the notification types with everything that is set about them',
    de: 'Listet die Benachrichtigungstypen mit allen ihren Einstellungen auf',
  },
  privilege: 'letters:read',
  input: z.object({}).strict(),
  output: z.object({ types: z.array(typeSchema) }),
  audit: () => audited(null),
  run: async (ctx) => ({ types: await readAll(ctx.db.pool) }),
});

export const showNotificationType = operation({
  name: 'notification_type.show',
  summary: {
    en: 'Shows a notification type, and what keeps it from being deleted',
    de: 'Zeigt einen Benachrichtigungstyp, und was seinem Löschen entgegensteht',
  },
  privilege: 'letters:read',
  input: z.object({ code: typeCode }).strict(),
  output: typeSchema.extend({
    uses: z
      .array(z.enum(['built_in', 'default', 'messages', 'runs', 'templates', 'schedules', 'preferences']))
      .describe('Empty: it may be deleted'),
  }),
  audit: (input) => audited(input.code),
  run: async (ctx, { code }) => ({ ...(await readOne(ctx.db.pool, code)), uses: await usesOfType(ctx.db.pool, code) }),
});

export const createNotificationType = operation({
  name: 'notification_type.create',
  summary: { en: 'Adds a notification type', de: 'Legt einen Benachrichtigungstyp an' },
  privilege: 'letters:write',
  input: z
    .object({
      ...optionalFields,
      code: typeCode.pipe(
        z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/, 'begins with a letter and has letters, digits and _ only, at most 60'),
      ),
      label_en: typeFields.label_en,
      label_de: typeFields.label_de,
    })
    .strict(),
  output: typeSchema,
  audit: (input) => audited(input.code),
  run: (ctx, { code, ...fields }) =>
    ctx.db.transaction(async (tx) => {
      await createTypeRow(tx, code, fields, ctx.actor.name);
      return readOne(tx, code);
    }),
});

export const updateNotificationType = operation({
  name: 'notification_type.update',
  summary: {
    en: 'Changes a notification type; fields that are left out stay as they are',
    de: 'Ändert einen Benachrichtigungstyp; was nicht angegeben ist, bleibt',
  },
  privilege: 'letters:write',
  input: z.object({ ...optionalFields, code: typeCode }).strict(),
  output: typeSchema,
  audit: ({ code, ...fields }) => ({ ...audited(code), detail: { fields: Object.keys(fields) } }),
  run: (ctx, { code, ...fields }) =>
    ctx.db.transaction(async (tx) => {
      await requireKnown(tx, code);
      await changeType(tx, code, fields, ctx.actor.name);
      return readOne(tx, code);
    }),
});

export const deleteNotificationType = operation({
  name: 'notification_type.delete',
  summary: {
    en: 'Deletes a notification type that was never used, with its letters',
    de: 'Löscht einen Benachrichtigungstyp, der nie verwendet wurde, mit seinen Briefen',
  },
  privilege: 'letters:write',
  input: z.object({ code: typeCode }).strict(),
  output: z.object({ deleted: z.string() }),
  audit: (input) => audited(input.code),
  run: (ctx, { code }) =>
    ctx.db.transaction(async (tx) => {
      await requireKnown(tx, code);
      await deleteTypeRow(tx, code);
      return { deleted: code };
    }),
});

export const reorderNotificationTypes = operation({
  name: 'notification_type.reorder',
  summary: {
    en: 'Puts notification types in an order; those that are not named follow as they were',
    de: 'Ordnet die Benachrichtigungstypen; die nicht genannten folgen in ihrer bisherigen Reihenfolge',
  },
  privilege: 'letters:write',
  input: z.object({ codes: z.array(typeCode).min(1).max(1_000) }).strict(),
  output: z.object({ codes: z.array(z.string()) }),
  audit: () => audited(null),
  run: (ctx, { codes }) =>
    ctx.db.transaction(async (tx) => {
      for (const code of codes) await requireKnown(tx, code);
      return { codes: await reorderTypes(tx, [...new Set(codes)], ctx.actor.name) };
    }),
});

export const setDefaultNotificationType = operation({
  name: 'notification_type.set_default',
  summary: {
    en: 'Makes a notification type the one that is chosen beforehand',
    de: 'Macht einen Benachrichtigungstyp zu dem, der vorausgewählt ist',
  },
  privilege: 'letters:write',
  input: z.object({ code: typeCode }).strict(),
  output: typeSchema,
  audit: (input) => audited(input.code),
  run: (ctx, { code }) =>
    ctx.db.transaction(async (tx) => {
      await requireKnown(tx, code);
      await setDefaultType(tx, code, ctx.actor.name);
      return readOne(tx, code);
    }),
});

async function readAll(db: Queryable): Promise<NotificationType[]> {
  const { rows } = await db.query<Omit<NotificationType, 'letters'>>(sql`
    select t.code, t.label_en, t.label_de, t.description_en, t.description_de, t.active, t.essential, t.is_default, t.credentials, t.position,
      t.one_per_address, t.not_again_days, t.once_per, t.keep_days, t.sender_name, t.sender_email, t.reply_to, t.modified_at, t.modified_by
    from notification_types t
    order by t.position, t.code`);
  const letters = await readTypeLetters(db);
  return rows.map((row) => ({ ...row, letters: letters.get(row.code) ?? [] }));
}

async function readOne(db: Queryable, code: string): Promise<NotificationType> {
  const types = await readAll(db);
  const found = types.find((type) => type.code === code);
  if (found === undefined)
    throw typeNotFound(
      code,
      types.map((type) => type.code),
    );
  return found;
}

async function requireKnown(tx: Queryable, code: string): Promise<void> {
  await readOne(tx, code);
}

export const TYPE_OPERATIONS = [
  createNotificationType,
  deleteNotificationType,
  listNotificationTypes,
  reorderNotificationTypes,
  setDefaultNotificationType,
  showNotificationType,
  updateNotificationType,
] as const;
