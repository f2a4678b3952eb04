import { z } from 'zod';
import { AppError, type Context, operation } from '../../core/index.ts';
import { type FoundUser, findUser } from '../../users/index.ts';
import { collectPersonalData, languageOf, type PersonalData } from './collect-personal-data.ts';
import { personalDataPage } from './personal-data-page.ts';

const form = {
  page: z.boolean().default(false).describe('Also as a page to read, HTML in the person’s language'),
};

const rows = z.array(z.record(z.string(), z.unknown()));
const output = z.object({
  data: z.object({
    made_at: z.string(),
    primary_id: z.string(),
    record: z.record(z.string(), z.unknown()).describe('In Alma’s JSON notation, with labels'),
    feed: rows.describe('What the feed says of fields that the library holds or held against it'),
    circulation: rows,
    credentials: rows,
    history: rows,
    messages: rows,
    came_back: rows,
    suppressed_addresses: rows,
    sets: rows,
    values: rows,
    runs: rows,
    proxies: rows,
    subscriptions: rows,
    sign_ins: rows,
    own_actions: rows,
    seen_by: rows.describe('Who looked at, exported or changed the data, from the audit'),
  }),
  page: z.string().nullable(),
});

export const personalData = operation({
  name: 'user.personal_data',
  summary: { en: 'Hands out everything that is held on a person', de: 'Gibt alles heraus, was zu einer Person gespeichert ist' },
  privilege: 'users:personal',
  input: z.strictObject({ user: z.string().min(1).describe('Primary id or any identifier'), ...form }),
  output,
  audit: (input, given) => ({ entity: 'user', id: given?.data.primary_id ?? input.user }),
  run: async (ctx, input) => handOut(ctx, await findUser(ctx.db.pool, input.user), input.page),
});

export const ownPersonalData = operation({
  name: 'own.personal_data',
  summary: { en: 'Everything that is held on oneself', de: 'Alles, was zur eigenen Person gespeichert ist' },
  privilege: 'own:read',
  input: z.strictObject(form),
  output,
  audit: (_, given) => ({ entity: 'user', id: given?.data.primary_id ?? null }),
  run: async (ctx, input) => {
    if (ctx.actor.kind !== 'user') throw new AppError('privacy.not_a_user', { actor: ctx.actor.name });
    return handOut(ctx, { id: ctx.actor.userId, primary_id: ctx.actor.name }, input.page);
  },
});

async function handOut(ctx: Context, user: FoundUser, page: boolean): Promise<z.output<typeof output>> {
  const language = await languageOf(ctx, user);
  const data: PersonalData = await collectPersonalData(ctx, user, language);
  return {
    data: { ...mutable(data), history: data.history.map((entry) => ({ ...entry })) },
    page: page ? personalDataPage(data, language, ctx.timeZone) : null,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function mutable(data: PersonalData): Writable<PersonalData> {
  return data as Writable<PersonalData>; // the same object; the answer's type says nothing of who may change it
}
