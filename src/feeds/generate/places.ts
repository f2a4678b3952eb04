import type { Random } from './random.ts';

export interface Place {
  readonly line1: string;
  readonly city: string;
  readonly state: string | null;
  readonly postalCode: string;
  /** ISO 3166 alpha-3. */
  readonly country: string;
}

const GERMAN_STREETS = [
  'Hauptstraße',
  'Bahnhofstraße',
  'Gartenweg',
  'Schillerstraße',
  'Goethestraße',
  'Lindenallee',
  'Kirchgasse',
  'Am Markt',
  'Mühlenweg',
  'Universitätsstraße',
  'Rosenweg',
  'Bergstraße',
  'Uferpromenade',
  'Beethovenstraße',
  'Alte Gasse',
] as const;

const ENGLISH_STREETS = [
  'High Street',
  'Station Road',
  'Church Lane',
  'Victoria Road',
  'Park Avenue',
  'Mill Lane',
  'Queens Road',
  'The Crescent',
  'College Green',
  'Kings Court',
  'Orchard Close',
  'St Mary’s Terrace',
  'Bridge Street',
  'Elm Grove',
] as const;

/** `prefix`: the first digits of its postal codes. */
type City = readonly [name: string, state: string, country: string, prefix: string];

const GERMAN_CITIES: readonly [City, ...City[]] = [
  ['Göttingen', 'Niedersachsen', 'DEU', '370'],
  ['Tübingen', 'Baden-Württemberg', 'DEU', '720'],
  ['Freiburg im Breisgau', 'Baden-Württemberg', 'DEU', '791'],
  ['Leipzig', 'Sachsen', 'DEU', '041'],
  ['Köln', 'Nordrhein-Westfalen', 'DEU', '506'],
  ['Münster', 'Nordrhein-Westfalen', 'DEU', '481'],
  ['Würzburg', 'Bayern', 'DEU', '970'],
  ['Jena', 'Thüringen', 'DEU', '077'],
  ['Kiel', 'Schleswig-Holstein', 'DEU', '241'],
  ['Berlin', 'Berlin', 'DEU', '101'],
  ['Graz', 'Steiermark', 'AUT', '80'],
  ['Basel', 'Basel-Stadt', 'CHE', '40'],
];

const ENGLISH_CITIES: readonly [City, ...City[]] = [
  ['Oxford', 'Oxfordshire', 'GBR', 'OX1'],
  ['Durham', 'County Durham', 'GBR', 'DH1'],
  ['Leeds', 'West Yorkshire', 'GBR', 'LS2'],
  ['Edinburgh', 'Scotland', 'GBR', 'EH8'],
  ['Cardiff', 'Wales', 'GBR', 'CF10'],
  ['Galway', 'Connacht', 'IRL', 'H91'],
  ['Ann Arbor', 'MI', 'USA', '481'],
  ['Madison', 'WI', 'USA', '537'],
  ['Melbourne', 'VIC', 'AUS', '30'],
];

/** An invented address in a real city; `german` decides the part of the world. */
export function place(random: Random, german: boolean): Place {
  const number = random.integer(1, 180);
  if (german) {
    const [city, state, country, prefix] = random.pick(GERMAN_CITIES);
    const postalCode = prefix + digits(random, (country === 'DEU' ? 5 : 4) - prefix.length);
    return { line1: `${random.pick(GERMAN_STREETS)} ${number}`, city, state, postalCode, country };
  }
  const [city, state, country, prefix] = random.pick(ENGLISH_CITIES);
  return { line1: `${number} ${random.pick(ENGLISH_STREETS)}`, city, state, postalCode: postalCode(random, country, prefix), country };
}

function postalCode(random: Random, country: string, prefix: string): string {
  if (country === 'USA') return prefix + digits(random, 2);
  if (country === 'AUS') return prefix + digits(random, 2);
  if (country === 'IRL') return `${prefix} ${letter(random)}${digits(random, 1)}${letter(random)}${digits(random, 1)}`;
  return `${prefix} ${digits(random, 1)}${letter(random)}${letter(random)}`;
}

function digits(random: Random, count: number): string {
  return String(random.integer(0, 10 ** count - 1)).padStart(count, '0');
}

function letter(random: Random): string {
  return random.pick(['A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W', 'X', 'Y', 'Z']);
}
