import { adviceTexts } from './advice.ts';
import { coreTexts } from './core.ts';
import { dbTexts } from './db.ts';
import { usersTexts } from './users.ts';
import { filtersTexts } from './filters.ts';
import { setsTexts } from './sets.ts';
import { changesTexts } from './changes.ts';
import { runsTexts } from './runs.ts';
import { letterCountsTexts } from './letter-counts.ts';
import { mergeTexts } from './merge.ts';
import { lettersTexts } from './letters.ts';
import { letterCheckTexts } from './letter-check.ts';
import { channelsTexts } from './channels.ts';
import { printTexts } from './print.ts';
import { accessTexts } from './access.ts';
import { signInTexts } from './sign-in.ts';
import { rolesTexts } from './roles.ts';
import { feedsTexts } from './feeds.ts';
import { feedSyncTexts } from './feed-sync.ts';
import { feedSourcesTexts } from './feed-sources.ts';
import { feedExportTexts } from './feed-export.ts';
import { almaConfTexts } from './alma-conf.ts';
import { httpTexts } from './http.ts';
import { oidcTexts } from './oidc.ts';
import { webSignInTexts } from './web-sign-in.ts';
import { helpTexts } from './help.ts';
import { privacyTexts } from './privacy.ts';
import { oversightTexts } from './oversight.ts';
import { queueTexts } from './queue.ts';
import { remoteTexts } from './remote.ts';
import { webhooksTexts } from './webhooks.ts';
import { almaTexts } from './alma.ts';
import { cliTexts } from './cli.ts';
import { cliJobsTexts } from './cli-jobs.ts';
import { cliFeedsTexts } from './cli-feeds.ts';
import { cliUsersTexts } from './cli-users.ts';
import { cliLettersTexts } from './cli-letters.ts';
import type { Language, Text } from './catalogue.ts';

export type { Catalogue, Language, Text } from './catalogue.ts';

/** Every user-facing text of the server, by code. A code that is not here does not compile. */
export const texts = {
  ...coreTexts,
  ...adviceTexts,
  ...dbTexts,
  ...usersTexts,
  ...filtersTexts,
  ...setsTexts,
  ...changesTexts,
  ...runsTexts,
  ...mergeTexts,
  ...letterCountsTexts,
  ...lettersTexts,
  ...letterCheckTexts,
  ...channelsTexts,
  ...printTexts,
  ...accessTexts,
  ...signInTexts,
  ...rolesTexts,
  ...feedsTexts,
  ...feedSourcesTexts,
  ...feedExportTexts,
  ...feedSyncTexts,
  ...almaConfTexts,
  ...httpTexts,
  ...oidcTexts,
  ...webSignInTexts,
  ...helpTexts,
  ...privacyTexts,
  ...oversightTexts,
  ...queueTexts,
  ...remoteTexts,
  ...webhooksTexts,
  ...almaTexts,
  ...cliTexts,
  ...cliJobsTexts,
  ...cliFeedsTexts,
  ...cliUsersTexts,
  ...cliLettersTexts,
} as const;

export type TextCode = keyof typeof texts;

/** The `{placeholders}` of a text, read off the text itself. */
type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

export type TextParams<C extends TextCode> = {
  readonly [Name in Placeholders<(typeof texts)[C]['en']>]: string | number | boolean | null;
};

/** The text of `code` in `language` with its parameters put in; numbers in the language's way of writing. */
export function say<C extends TextCode>(language: Language, code: C, params: TextParams<C>): string {
  return fill(texts[code][language], language, params);
}

/** As `say`, for codes that come out of the database: an unknown one is shown as it is. */
export function sayAny(language: Language, code: string, params: Readonly<Record<string, unknown>> = {}): string {
  const text = (texts as Readonly<Record<string, Text>>)[code];
  return text === undefined ? code : fill(text[language], language, params);
}

function fill(text: string, language: Language, params: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) return value === null ? '–' : hole;
    if (typeof value === 'number') return value.toLocaleString(language === 'de' ? 'de-DE' : 'en-GB');
    return String(value);
  });
}
