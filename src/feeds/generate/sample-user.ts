import { Days } from './days.ts';
import { type Kind, LIBRARY_STAFF, pickKind, postOf, type StaffPost, termOf } from './kinds.ts';
import { asciiName, type PersonName, personName } from './names.ts';
import { place } from './places.ts';
import { Random } from './random.ts';
import { addCirculation } from './sample-circulation.ts';
import type { SampleTables } from './sample-tables.ts';

export const PRIMARY_ID_PREFIX = 'mu';
const PRIMARY_ID_DIGITS = 8;

/** `mu00000042`: of equal length, so that the highest one in a library is also the last in text order. */
export function primaryIdOf(n: number): string {
  return PRIMARY_ID_PREFIX + String(n).padStart(PRIMARY_ID_DIGITS, '0');
}

/** What all users of one sample library share. */
export interface SampleSettings {
  readonly seed: number;
  readonly days: Days;
  /** Name of whoever asked for it. */
  readonly createdBy: string;
}

export function sampleSettings(seed: number, today: string, createdBy: string): SampleSettings {
  return { seed, days: new Days(today), createdBy };
}

interface Sample {
  readonly id: number;
  readonly n: number;
  readonly random: Random;
  readonly days: Days;
  readonly kind: Kind;
  readonly name: PersonName;
  readonly segment: 'Internal' | 'External';
  readonly createdBy: string;
}

/**
 * Writes sample user number `n` with all child rows into `tables`. The same seed, number and day
 * always give the same user.
 */
export function addSampleUser(tables: SampleTables, settings: SampleSettings, id: number, n: number): void {
  const random = new Random(settings.seed, n);
  const post = postOf(n);
  const kind = post === null ? pickKind(random) : LIBRARY_STAFF;
  const sample: Sample = {
    id,
    n,
    random,
    kind,
    days: settings.days,
    name: personName(random),
    segment: kind.external ? 'External' : 'Internal',
    createdBy: settings.createdBy,
  };
  const circulation = addCirculation(tables, sample);
  const preferred = preferredName(sample.name, random);
  addScalars(tables, sample, post, preferred, circulation);
  const identifiers = addIdentifiers(tables, sample);
  const emails = addContact(tables, sample);
  addSearchText(tables, sample, preferred, identifiers, emails);
  addRoles(tables, sample, post);
  addNote(tables, sample);
  addBlock(tables, sample);
  addStatistics(tables, sample);
  addPreferences(tables, sample);
}

function addScalars(
  tables: SampleTables,
  sample: Sample,
  post: StaffPost | null,
  preferred: PreferredName,
  circulation: ReturnType<typeof addCirculation>,
): void {
  const { random, days, kind, name } = sample;
  const { expiry, jobDescription } = termOf(kind, random, days);
  // Somebody looks after the sample library: staff never lapse.
  const lapsed = post === null && expiry !== null && expiry < days.today;
  const inactive = lapsed ? random.chance(0.4) : post === null && random.chance(0.01);
  const academic = kind.group === 'FACULTY' || kind.group === 'EMERITUS';
  const title =
    academic && random.chance(0.6)
      ? random.pick(['DR', 'PROF', 'PROF_DR'])
      : random.chance(0.3)
        ? name.gender === 'FEMALE'
          ? 'MS'
          : 'MR'
        : null;
  tables.users.add({
    id: sample.id,
    primary_id: primaryIdOf(sample.n),
    record_type: post === null ? 'PUBLIC' : 'STAFF',
    account_type: kind.external ? 'EXTERNAL' : 'INTERNAL',
    external_id: kind.external ? 'SIS' : null,
    status: inactive ? 'INACTIVE' : 'ACTIVE',
    status_date: days.after(-random.integer(1, 900)),
    first_name: name.first,
    middle_name: name.middle,
    last_name: name.last,
    pref_first_name: preferred.first,
    pref_last_name: preferred.last,
    user_title: title,
    gender: random.chance(0.02) ? 'OTHER' : random.chance(0.9) ? name.gender : null,
    birth_date: random.chance(0.95) ? days.after(-random.integer(kind.ages[0] * 365, kind.ages[1] * 365 + 364)) : null,
    expiry_date: post === null ? expiry : days.after(random.integer(200, 1800)),
    purge_date: post === null && expiry !== null && random.chance(0.7) ? days.yearsAfter(expiry, 1) : null,
    user_group: kind.group,
    campus_code:
      kind.campuses || post !== null
        ? random.weighted([
            [55, 'Main'],
            [20, 'CITY'],
            [13, 'MED'],
            [9, 'TECH'],
            [3, 'ONLINE'],
          ])
        : null,
    job_category: post?.category ?? (kind.group === 'FACULTY' ? random.pick(['Teaching', 'Research']) : null),
    job_description: post?.description ?? jobDescription,
    preferred_language: preferredLanguage(name, random),
    cataloger_level: post?.category === 'Cataloger' ? '20' : '00',
    is_researcher: kind.group === 'FACULTY' || kind.group === 'DOCTORAL' ? true : null,
    last_patron_activity_date: random.chance(0.75) ? days.after(-random.integer(0, lapsed ? 700 : 200)) : null,
    loans: circulation.loans,
    requests: circulation.requests,
    fees: circulation.fees,
    circulation_on: days.today,
    created_by: sample.createdBy,
  });
}

interface PreferredName {
  readonly first: string | null;
  readonly last: string | null;
}

/** Half of those whose names are written in another script go by the Latin spelling. */
function preferredName(name: PersonName, random: Random): PreferredName {
  if (name.script === 'other' && random.chance(0.5)) return name.latin;
  if (name.script === 'latin' && random.chance(0.03)) return { first: name.first.slice(0, 3), last: null };
  return { first: null, last: null };
}

function preferredLanguage(name: PersonName, random: Random): string {
  if (name.language === 'de' || name.language === 'en') return name.language;
  return random.weighted([
    [40, name.language],
    [35, 'de'],
    [25, 'en'],
  ]);
}

/** Returns the values. */
function addIdentifiers(tables: SampleTables, sample: Sample): string[] {
  const { random, kind, n, id } = sample;
  const values: string[] = [];
  const { keys } = tables.options;
  const add = (segment: string, type: string, value: string, status: string): void => {
    tables.identifiers.add({ user_id: id, segment, type, value, note: null, status });
    values.push(value);
    if (keys !== null && !keys.exempt.has(type)) tables.keys.add({ key: value, user_id: id });
  };
  if (keys !== null) tables.keys.add({ key: primaryIdOf(n), user_id: id });
  if (random.chance(kind.external ? 0.8 : 0.95)) add('Internal', 'BARCODE', barcodeOf(n), random.chance(0.99) ? 'ACTIVE' : 'INACTIVE');
  if (kind.external && random.chance(0.65)) add('External', 'UNIV_ID', universityIdOf(n), 'ACTIVE');
  return values;
}

/**
 * What the SQL function `refresh_user_search` would write (a test compares the two). Folding ten
 * million words there takes longer than everything else; the sample names hold no letter that
 * JavaScript and PostgreSQL fold differently.
 */
function addSearchText(
  tables: SampleTables,
  sample: Sample,
  preferred: PreferredName,
  identifiers: readonly string[],
  emails: readonly string[],
): void {
  const { id, n, name } = sample;
  const parts = [name.first, name.middle, name.last, preferred.first, preferred.last, primaryIdOf(n), ...identifiers, ...emails];
  const fold = (given: string): string => given.normalize('NFC').toLowerCase();
  const text = fold(parts.filter((part) => part !== null).join(' '));
  tables.search.add({ user_id: id, text, last_name: fold(name.last), first_name: fold(name.first) });
}

/** Fourteen digits like those on library cards: 29, nine of our own, two zeros, and the Luhn check digit. */
function barcodeOf(n: number): string {
  const body = `29${String(n).padStart(9, '0')}00`;
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) {
    const digit = body.charCodeAt(i) - 48;
    sum += i % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return body + ((10 - (sum % 10)) % 10);
}

/** Different for every number, because the factor has no divisor in common with the prime modulus. */
function universityIdOf(n: number): string {
  return `7${String((n * 7_368_787) % 100_000_007).padStart(9, '0')}`;
}

/** Returns the e-mail addresses. */
function addContact(tables: SampleTables, sample: Sample): string[] {
  const { random, kind, name, id, n, segment } = sample;
  const german = name.language !== 'en' && random.chance(0.9);
  const emails: string[] = [];
  if (random.chance(0.98)) {
    const local = `${asciiName(name.latin.first)}.${asciiName(name.latin.last)}.${n}`;
    const address = `${local}@example.org`;
    emails.push(address);
    tables.emails.add({
      user_id: id,
      segment,
      preferred: true,
      address,
      description: null,
      types: kind.external ? '{school}' : '{personal}',
    });
    if (random.chance(0.04)) {
      const second = `${local}.home@example.org`;
      emails.push(second);
      tables.emails.add({
        user_id: id,
        segment: 'Internal',
        preferred: false,
        address: second,
        description: 'private',
        types: '{personal}',
      });
    }
  }
  if (random.chance(0.5)) {
    const home = place(random, german);
    tables.addresses.add({
      user_id: id,
      segment,
      preferred: true,
      line1: home.line1,
      city: home.city,
      state_province: home.state,
      postal_code: home.postalCode,
      country: home.country,
      types: '{home}',
    });
  }
  if (random.chance(0.3)) {
    // 030 23125 and 020 7946 0 are kept free for films and samples by the two regulators.
    const number = german ? `+49 30 23125 ${random.integer(100, 999)}` : `+44 20 7946 0${random.integer(100, 999)}`;
    const mobile = random.chance(0.6);
    tables.phones.add({
      user_id: id,
      segment,
      preferred: true,
      preferred_sms: mobile && random.chance(0.5),
      number,
      types: mobile ? '{mobile}' : '{home}',
    });
  }
  return emails;
}

function addRoles(tables: SampleTables, sample: Sample, post: StaffPost | null): void {
  const { id, random, days } = sample;
  tables.roles.add({ user_id: id, type: '200', scope: 'INSTITUTION', status: 'ACTIVE', expiry_date: null, parameters: '[]' });
  for (const { type, scope, parameter } of post?.roles ?? []) {
    tables.roles.add({
      user_id: id,
      type,
      scope,
      status: 'ACTIVE',
      expiry_date: type !== '50' && random.chance(0.15) ? days.after(random.integer(30, 700)) : null,
      parameters: parameter === null ? '[]' : JSON.stringify([parameter]),
    });
  }
}

type Note = readonly [type: string, text: string];

const NOTES: readonly [Note, ...Note[]] = [
  ['POPUP', 'Please ask for the new address.'],
  ['POPUP', 'Bitte nach der neuen Anschrift fragen.'],
  ['LIBRARY', 'Prefers books in large print.'],
  ['LIBRARY', 'Schlüssel für Arbeitskabine 12 ausgegeben.'],
  ['CIRCULATION', 'Claims to have returned one volume; shelf check done.'],
  ['CIRCULATION', 'Fernleihe nur mit Voranmeldung.'],
  ['ADDRESS', 'Letter came back undeliverable.'],
  ['ADDRESS', 'Post kam als unzustellbar zurück.'],
  ['BARCODE', 'Replacement card issued.'],
  ['BARCODE', 'Ersatzausweis ausgestellt.'],
  ['OTHER', 'Angemeldet über den Infostand.'],
];

function addNote(tables: SampleTables, sample: Sample): void {
  if (!sample.random.chance(0.1)) return;
  const [type, text] = sample.random.pick(NOTES);
  tables.notes.add({
    user_id: sample.id,
    segment: 'Internal',
    type,
    text,
    user_viewable: sample.random.chance(0.2),
    popup: type === 'POPUP',
    created_by: sample.createdBy,
  });
}

const BLOCK_NOTES = ['Reminder sent', 'Mahnung versandt', 'See correspondence', 'Rücksprache mit der Leitung'] as const;

function addBlock(tables: SampleTables, sample: Sample): void {
  const { random, days } = sample;
  if (!random.chance(0.05)) return;
  const description = random.weighted([
    [30, '02-GLOBAL'],
    [20, 'OVERDUE'],
    [15, 'FEES'],
    [15, 'ADDRESS'],
    [10, 'LOST_CARD'],
    [6, 'REGISTRATION'],
    [4, 'CONDUCT'],
  ]);
  tables.blocks.add({
    user_id: sample.id,
    segment: 'Internal',
    type: 'GENERAL',
    description,
    status: random.chance(0.85) ? 'ACTIVE' : 'INACTIVE',
    note: random.chance(0.4) ? random.pick(BLOCK_NOTES) : null,
    expiry_date: random.chance(0.3) ? `${days.after(random.integer(-90, 365))}T22:00:00Z` : null,
    created_by: sample.createdBy,
  });
}

function addStatistics(tables: SampleTables, sample: Sample): void {
  const { id, random, kind, segment } = sample;
  if (!kind.external) return;
  if (random.chance(0.5)) {
    const category = random.weighted([
      [22, 'ARTS'],
      [12, 'LAW'],
      [18, 'ECON'],
      [10, 'MED'],
      [18, 'SCI'],
      [12, 'ENG'],
      [7, 'SOC'],
      [1, 'THEOL'],
    ]);
    tables.statistics.add({ user_id: id, segment, category, type: 'FACULTY', note: null });
  }
  if (kind.degree !== null && random.chance(0.25)) {
    tables.statistics.add({ user_id: id, segment, category: kind.degree, type: 'DEGREE', note: null });
  }
}

function addPreferences(tables: SampleTables, sample: Sample): void {
  const { id, random } = sample;
  if (random.chance(0.08)) {
    const code = random.pick([
      'FulUserBorrowingActivityLetter',
      'FulLoanReceiptLetter',
      'FulReturnReceiptLetter',
      'FulUserLoansCourtesyLetter',
    ]);
    tables.letterPreferences.add({ user_id: id, code, value: random.chance(0.3) });
  }
  if (random.chance(0.02)) tables.rsLibraries.add({ user_id: id, code: 'ILL' });
}
