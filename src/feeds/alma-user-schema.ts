/** Alma's user JSON as a schema, made of the same description that writes it; for readers of the API. */
import { z } from 'zod';
import { instant } from '../core/index.ts';
import { heldFieldSchema } from '../users/index.ts';
import { ALMA_COUNTS, ALMA_LISTS, ALMA_SCALARS, type AlmaField, type AlmaList } from './alma-shape.ts';
import type { AlmaUser } from './to-alma.ts';

const coded = z.object({ value: z.string().nullable(), desc: z.string().nullable() });
const parameter = z.record(z.string(), coded).describe('type, scope and value of a role’s parameter');

const suppressed = z
  .object({ reason: z.enum(['bounce', 'complaint', 'manual']), since: instant })
  .describe('Nothing is sent to the address: it came back, somebody complained, or staff have said so');

function valueSchema({ field, kind, alma }: AlmaField): z.ZodType {
  if (kind === 'coded') return coded.nullable();
  if (kind === 'codes') return z.array(coded);
  if (kind === 'parameters') return z.array(parameter);
  if (alma === 'force_password_change') return z.enum(['TRUE', '']);
  if (field.type === 'boolean') return z.boolean().nullable();
  if (field.type === 'integer') return z.int().nullable();
  if (field.type === 'amount') return z.number().nullable();
  if (field.type === 'date') return z.string().nullable().describe('YYYY-MM-DDZ');
  if (field.type === 'instant') return z.string().nullable().describe('A moment in UTC');
  return z.string().nullable();
}

function membersOf(fields: readonly AlmaField[]): Record<string, z.ZodType> {
  return Object.fromEntries(fields.map((field) => [field.alma, valueSchema(field).optional().describe(field.field.label.en)]));
}

function listSchema({ fields, table }: AlmaList): z.ZodType {
  const more = table.table === 'user_emails' ? { suppressed: suppressed.optional() } : {};
  const row = z.object({ ...membersOf(fields), ...more, segment_type: z.enum(['Internal', 'External']).optional() });
  return z.array(row).optional().describe(table.label.en);
}

function listsOf(contact: boolean): Record<string, z.ZodType> {
  return Object.fromEntries(ALMA_LISTS.filter((list) => list.contact === contact).map((list) => [list.alma, listSchema(list)]));
}

const known = {
  ...membersOf(ALMA_SCALARS),
  full_name: z.string(),
  password: z.literal('').describe('Never given out'),
  pin_number: z.literal('').describe('Never given out'),
  ...Object.fromEntries(ALMA_COUNTS.map((name) => [name, z.object({ value: z.number(), link: z.null() }).nullable().optional()])),
  contact_info: z.object(listsOf(true)).optional(),
  researcher: z.null().optional(),
  link: z.null(),
  ...listsOf(false),
  proxy_for_user: z.array(z.unknown()),
  held_fields: z
    .array(heldFieldSchema)
    .optional()
    .describe('Fields that the library holds against the feed, and what that says; not Alma’s'),
};

/** Members that are empty may be missing; so are fields that are closed to who asks. */
export const almaUserSchema: z.ZodType<AlmaUser> = z.object(known).describe('A record in Alma’s JSON notation');
