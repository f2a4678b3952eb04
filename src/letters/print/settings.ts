/** What the library has set about letters on paper. */
import sql from 'sql-template-tag';
import { z } from 'zod';
import { declareSetting, type Queryable, readSetting } from '../../core/index.ts';
import { readLetterSettings } from '../settings.ts';
import { LIBRARY_COUNTRY } from '../sms-settings.ts';
import type { Stationery } from './blocks.ts';

export const LAYOUTS = ['din5008', 'us10'] as const;
export type Layout = (typeof LAYOUTS)[number];

const LAYOUT = declareSetting({
  name: 'letters.print_layout',
  label: {
    en: 'Layout of letters on paper: "din5008" (A4, DIN window envelope) or "us10" (US Letter, No. 10 window envelope); empty: by the library’s country',
    de: 'Aufbau von Briefen auf Papier: „din5008“ (A4, DIN-Fensterumschlag) oder „us10“ (US Letter, Fensterumschlag Nr. 10); leer: nach dem Land der Bibliothek',
  },
  schema: z.enum(LAYOUTS).nullable(),
  default: null,
  privilege: 'settings:write',
});
const FOOTER = declareSetting({
  name: 'letters.print_footer',
  label: { en: 'Lines at the foot of letters on paper', de: 'Zeilen am Fuß von Briefen auf Papier' },
  schema: z.string().trim().max(400).nullable(),
  default: null,
  privilege: 'settings:write',
});
const LOGO = declareSetting({
  name: 'letters.print_logo',
  label: {
    en: 'Logo of letters on paper, in place of the library’s name: PNG or JPEG as data:image/png;base64,…',
    de: 'Logo von Briefen auf Papier, anstelle des Namens der Bibliothek: PNG oder JPEG als data:image/png;base64,…',
  },
  schema: z
    .string()
    .max(700_000)
    .regex(/^data:image\/(?:png;base64,iVBORw0KGgo|jpeg;base64,\/9j\/)[A-Za-z0-9+/]+=*$/, 'is no PNG or JPEG as a data: address')
    .nullable(),
  default: null,
  privilege: 'settings:write',
});
const FILE_DAYS = declareSetting({
  name: 'letters.print_file_days',
  label: {
    en: 'Days that files of printed letters are kept; those with passwords go after their first download, at the latest after a day',
    de: 'Tage, die Dateien gedruckter Briefe aufgehoben werden; solche mit Passwörtern gehen nach dem ersten Herunterladen, spätestens nach einem Tag',
  },
  schema: z.number().positive().max(3_650),
  default: 30,
  privilege: 'settings:write',
});

/** Hours that a file with passwords may lie there. */
const CREDENTIALS_HOURS = 24;

export interface PrintSettings {
  readonly layout: Layout;
  /** Two letters. */
  readonly home: string;
  /** Of the library. */
  readonly language: string;
  readonly stationery: Stationery;
}

/** `layout`: that of the batch; otherwise the library's. */
export async function readPrintSettings(db: Queryable, chosen?: Layout): Promise<PrintSettings> {
  const letters = await readLetterSettings(db);
  const home = await readSetting(db, LIBRARY_COUNTRY);
  const layout = chosen ?? (await readSetting(db, LAYOUT)) ?? (home === 'US' || home === 'CA' ? 'us10' : 'din5008');
  // As it was written: the settings of letters have it in one line.
  const { rows } = await db.query<{ value: unknown }>(sql`select s.value from settings s where s.name = 'library.address'`);
  const address = linesOf(rows[0]?.value);
  const name = letters.libraryName ?? '';
  const logo = await readSetting(db, LOGO);
  return {
    layout,
    home,
    language: letters.language,
    stationery: {
      layout,
      name,
      returnLine: [name, ...address].filter((part) => part !== '').join(' · '),
      sender: [name, ...address, letters.libraryPhone ?? '', letters.libraryEmail ?? '', letters.libraryWeb ?? ''].filter(
        (line) => line !== '',
      ),
      footer: linesOf(await readSetting(db, FOOTER)),
      logo: logo === null ? null : Buffer.from(logo.slice(logo.indexOf(',') + 1), 'base64'),
    },
  };
}

/** How long the files of a batch that becomes ready now are kept, in hours. */
export async function hoursKept(db: Queryable, credentials: boolean): Promise<number> {
  return credentials ? CREDENTIALS_HOURS : (await readSetting(db, FILE_DAYS)) * 24;
}

function linesOf(value: unknown): string[] {
  return typeof value === 'string'
    ? value
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '')
    : [];
}
