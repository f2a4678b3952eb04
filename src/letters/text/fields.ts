/**
 * The catalogue of what a letter can show: for the documentation, for an editor's completion, and for the
 * check that refuses a field there is not. A test holds it against `LetterData`. Longer than other files, since it
 * is one list.
 */
import { scalar } from '../../users/index.ts';
import { CHANGE_FIELDS } from './change-data.ts';

type FieldKind = 'text' | 'date' | 'number' | 'amount' | 'yes-no' | 'list' | 'link';

export interface LetterField {
  /** As it is written between the braces; within a loop `item.` stands for the loop's own name. */
  readonly path: string;
  readonly type: FieldKind;
  readonly label: { readonly en: string; readonly de: string };
  readonly description: { readonly en: string; readonly de: string };
  readonly example: string;
  /** Absent: in every letter. `changes`: in letters of runs; elsewhere the values are empty. */
  readonly where?: 'credentials' | 'changes';
  /** May be without a value, so that a letter had better ask with `{% if … %}`. */
  readonly optional: boolean;
  /** What an entry of a list has. */
  readonly items?: readonly LetterField[];
}

type Words = readonly [en: string, de: string];

function field(
  path: string,
  type: FieldKind,
  label: Words,
  description: Words,
  example: string,
  more: Partial<LetterField> = {},
): LetterField {
  return {
    path,
    type,
    label: { en: label[0], de: label[1] },
    description: { en: description[0], de: description[1] },
    example,
    optional: true,
    ...more,
  };
}

const always = { optional: false } as const;
const inChanges = { where: 'changes' } as const;
const inCredentials = { where: 'credentials' } as const;

const DATE_HINT: Words = [
  'Written as the letter’s language has it; other forms with the filter date: short, medium, full, month, weekday, year, iso.',
  'Geschrieben, wie es in der Sprache des Briefs üblich ist; andere Formen mit dem Filter date: short, medium, full, month, weekday, year, iso.',
];

const USER: readonly LetterField[] = [
  field(
    'user.name',
    'text',
    ['Name', 'Name'],
    [
      'First and last name, the preferred ones first; without a name the primary id.',
      'Vor- und Nachname, die bevorzugten zuerst; ohne Namen die primäre Kennung.',
    ],
    'Maria Beispiel',
    always,
  ),
  field(
    'user.first_name',
    'text',
    ['First name', 'Vorname'],
    ['The preferred one, if there is one.', 'Der bevorzugte, falls vorhanden.'],
    'Maria',
  ),
  field(
    'user.last_name',
    'text',
    ['Last name', 'Nachname'],
    ['The preferred one, if there is one.', 'Der bevorzugte, falls vorhanden.'],
    'Beispiel',
  ),
  field('user.title', 'text', ['Title', 'Anrede'], ['Label of the user title.', 'Bezeichnung der Anrede.'], 'Dr.'),
  field(
    'user.primary_id',
    'text',
    ['Primary id', 'Primäre Kennung'],
    ['The name with which the user signs in.', 'Der Name, mit dem man sich anmeldet.'],
    'm.beispiel',
    always,
  ),
  field(
    'user.barcode',
    'text',
    ['Barcode', 'Ausweisnummer'],
    ['The first active identifier of the type BARCODE.', 'Die erste aktive Kennung vom Typ BARCODE.'],
    'B0001234',
  ),
  field('user.identifiers', 'list', ['Identifiers', 'Kennungen'], ['All active identifiers.', 'Alle aktiven Kennungen.'], '', {
    optional: false,
    items: [
      field('item.type', 'text', ['Type', 'Typ'], ['Code of the type.', 'Code des Typs.'], 'BARCODE', always),
      field('item.label', 'text', ['Label', 'Bezeichnung'], ['Label of the type.', 'Bezeichnung des Typs.'], 'Ausweisnummer', always),
      field('item.value', 'text', ['Value', 'Wert'], ['The identifier.', 'Die Kennung.'], 'B0001234', always),
    ],
  }),
  field(
    'user.expiry_date',
    'date',
    ['Expiry date', 'Ablaufdatum'],
    ['Last day on which the account can be used.', 'Letzter Tag, an dem das Konto nutzbar ist.'],
    '2027-09-30',
  ),
  field(
    'user.purge_date',
    'date',
    ['Purge date', 'Löschdatum'],
    ['Day from which the record may be deleted.', 'Tag, ab dem der Datensatz gelöscht werden darf.'],
    '2028-09-30',
  ),
  field(
    'user.group',
    'text',
    ['User group', 'Benutzergruppe'],
    ['Label of the user group.', 'Bezeichnung der Benutzergruppe.'],
    'Studierende',
  ),
  field(
    'user.account_type',
    'text',
    ['Account type', 'Kontotyp'],
    ['Label of the account type.', 'Bezeichnung des Kontotyps.'],
    'Intern',
    always,
  ),
  field('user.status', 'text', ['Status', 'Status'], ['Label of the status.', 'Bezeichnung des Status.'], 'Aktiv'),
  field('user.campus', 'text', ['Campus', 'Campus'], ['Label of the campus.', 'Bezeichnung des Campus.'], 'Hauptcampus'),
  field(
    'user.language',
    'text',
    ['Language', 'Sprache'],
    ['Label of the preferred language.', 'Bezeichnung der bevorzugten Sprache.'],
    'Deutsch',
  ),
  field(
    'user.signs_in_elsewhere',
    'yes-no',
    ['Signs in elsewhere', 'Anmeldung anderswo'],
    [
      'True where not the library but another institution checks the password.',
      'Wahr, wenn nicht die Bibliothek, sondern eine andere Einrichtung das Passwort prüft.',
    ],
    'false',
    always,
  ),
];

const CONTACT: readonly LetterField[] = [
  field('contact.email', 'text', ['E-mail', 'E-Mail'], ['The preferred address.', 'Die bevorzugte Adresse.'], 'maria@example.org'),
  field('contact.phone', 'text', ['Telephone', 'Telefon'], ['The preferred number.', 'Die bevorzugte Nummer.'], '+49 30 1234567'),
  field(
    'contact.address_lines',
    'list',
    ['Address lines', 'Adresszeilen'],
    ['Lines of the preferred postal address, without place and country.', 'Zeilen der bevorzugten Postadresse, ohne Ort und Land.'],
    'Sample Street 2',
    always,
  ),
  field(
    'contact.postal_code',
    'text',
    ['Postal code', 'Postleitzahl'],
    ['Of the preferred postal address.', 'Der bevorzugten Postadresse.'],
    '10115',
  ),
  field('contact.city', 'text', ['City', 'Ort'], ['Of the preferred postal address.', 'Der bevorzugten Postadresse.'], 'Berlin'),
  field(
    'contact.country',
    'text',
    ['Country', 'Land'],
    ['Label of the country of the preferred postal address.', 'Bezeichnung des Landes der bevorzugten Postadresse.'],
    'Deutschland',
  ),
];

const CIRCULATION: readonly LetterField[] = [
  field(
    'circulation.loans',
    'number',
    ['Loans', 'Ausleihen'],
    ['How many items are on loan, as the lending system last said.', 'Zahl der Ausleihen nach der letzten Meldung des Ausleihsystems.'],
    '3',
  ),
  field(
    'circulation.requests',
    'number',
    ['Requests', 'Bestellungen'],
    ['How many requests are open.', 'Zahl der offenen Bestellungen.'],
    '1',
  ),
  field(
    'circulation.fees',
    'amount',
    ['Fees', 'Gebühren'],
    ['Sum of the open fees; written with the filter money: "EUR".', 'Summe der offenen Gebühren; geschrieben mit dem Filter money: "EUR".'],
    '12.50',
  ),
  field('circulation.as_of', 'date', ['As of', 'Stand'], ['Day on which this was true.', 'Tag, für den dies galt.'], '2026-09-30'),
  field(
    'circulation.loan_list',
    'list',
    ['List of loans', 'Liste der Ausleihen'],
    [
      'The loans one by one, those due first at the beginning; at most 50.',
      'Die Ausleihen einzeln, die zuerst fälligen am Anfang; höchstens 50.',
    ],
    '',
    {
      optional: false,
      items: [
        field('item.title', 'text', ['Title', 'Titel'], ['Title of the item.', 'Titel des Exemplars.'], 'A Sample Book'),
        field('item.barcode', 'text', ['Barcode', 'Strichcode'], ['Barcode of the item.', 'Strichcode des Exemplars.'], 'X100'),
        field('item.due_date', 'date', ['Due date', 'Leihfrist'], ['Day on which it is due.', 'Tag der Rückgabe.'], '2026-10-15'),
      ],
    },
  ),
];

const CHANGES: readonly LetterField[] = [
  field(
    'changes',
    'list',
    ['Changes', 'Änderungen'],
    [
      'What the run has changed of this user: fields of the record, identifiers, addresses, e-mails, telephones.',
      'Was der Lauf bei diesem Benutzer geändert hat: Felder des Datensatzes, Kennungen, Adressen, E-Mails, Telefonnummern.',
    ],
    '',
    {
      ...inChanges,
      optional: false,
      items: [
        field('item.field', 'text', ['Field', 'Feld'], ['Name of the field.', 'Name des Felds.'], 'expiry_date', always),
        field('item.label', 'text', ['Label', 'Bezeichnung'], ['What the field is called.', 'Wie das Feld heißt.'], 'Ablaufdatum', always),
        field(
          'item.old',
          'text',
          ['Before', 'Vorher'],
          ['The value before; empty when there was none.', 'Der Wert vorher; leer, wenn es keinen gab.'],
          '30. September 2026',
        ),
        field(
          'item.new',
          'text',
          ['After', 'Nachher'],
          ['The value now; empty when there is none.', 'Der Wert jetzt; leer, wenn es keinen gibt.'],
          '30. September 2027',
        ),
      ],
    },
  ),
  ...CHANGE_FIELDS.flatMap((name) => {
    const label = scalar(name)?.label ?? { en: name, de: name };
    const type = scalar(name)?.type === 'date' ? 'date' : 'text';
    const example = type === 'date' ? '2026-09-30' : '…';
    return [
      field(
        `change.${name}.old`,
        type,
        [`${label.en}, before`, `${label.de}, vorher`],
        ['Empty where the run did not change it.', 'Leer, wenn der Lauf es nicht geändert hat.'],
        example,
        inChanges,
      ),
      field(
        `change.${name}.new`,
        type,
        [`${label.en}, after`, `${label.de}, nachher`],
        ['Empty where the run did not change it.', 'Leer, wenn der Lauf es nicht geändert hat.'],
        example,
        inChanges,
      ),
      field(
        `change.${name}.label`,
        'text',
        [`${label.en}, its name`, `${label.de}, Name des Felds`],
        ['What the field is called.', 'Wie das Feld heißt.'],
        label.en,
        { ...inChanges, ...always },
      ),
    ];
  }),
];

const REST: readonly LetterField[] = [
  field(
    'library.name',
    'text',
    ['Name of the library', 'Name der Bibliothek'],
    ['Setting library.name.', 'Einstellung library.name.'],
    'Library',
    always,
  ),
  field(
    'library.email',
    'text',
    ['E-mail of the library', 'E-Mail der Bibliothek'],
    ['Setting library.email.', 'Einstellung library.email.'],
    'library@example.org',
  ),
  field(
    'library.web',
    'link',
    ['Web page of the library', 'Webseite der Bibliothek'],
    ['Setting library.web.', 'Einstellung library.web.'],
    'https://library.example.org',
  ),
  field(
    'library.phone',
    'text',
    ['Telephone of the library', 'Telefon der Bibliothek'],
    ['Setting library.phone.', 'Einstellung library.phone.'],
    '+49 30 901820',
  ),
  field(
    'library.address',
    'text',
    ['Address of the library', 'Adresse der Bibliothek'],
    ['Setting library.address, in one line.', 'Einstellung library.address, in einer Zeile.'],
    'Sample Street 1, 10115 Berlin',
  ),
  field('run.name', 'text', ['Name of the run', 'Name des Laufs'], ['As it was started.', 'Wie er gestartet wurde.'], 'Sample', always),
  field('run.date', 'date', ['Day of the run', 'Tag des Laufs'], ['Its business day.', 'Sein Arbeitstag.'], '2026-10-01', always),
  field(
    'unsubscribe_link',
    'link',
    ['Link to end such letters', 'Link zum Abbestellen'],
    [
      'Opens the page on which the user ends letters of this type. Empty in types that are always sent, on paper and in an SMS.',
      'Öffnet die Seite, auf der man Briefe dieses Typs abbestellt. Leer bei Typen, die immer verschickt werden, auf Papier und in einer SMS.',
    ],
    'https://…',
  ),
  field(
    'password',
    'text',
    ['New password', 'Neues Passwort'],
    [
      'Made when the letter is sent. Empty where the letter brings a link.',
      'Wird beim Versand erzeugt. Leer, wenn der Brief einen Link bringt.',
    ],
    '••••••••••',
    inCredentials,
  ),
  field(
    'link',
    'link',
    ['One-time link', 'Einmal-Link'],
    [
      'Opens the page on which a password is chosen, once. Empty where the letter brings a password.',
      'Öffnet einmalig die Seite, auf der man ein Passwort wählt. Leer, wenn der Brief ein Passwort bringt.',
    ],
    'https://…',
    inCredentials,
  ),
];

const ALL: readonly LetterField[] = [...USER, ...CONTACT, ...CIRCULATION, ...CHANGES, ...REST].map((one) =>
  one.type === 'date'
    ? { ...one, description: { en: `${one.description.en} ${DATE_HINT[0]}`, de: `${one.description.de} ${DATE_HINT[1]}` } }
    : one,
);

export interface LetterFieldView {
  readonly path: string;
  readonly type: FieldKind;
  readonly label: string;
  readonly description: string;
  readonly example: string;
  readonly where: 'credentials' | 'changes' | null;
  readonly optional: boolean;
  readonly items: readonly LetterFieldView[];
}

/** The catalogue in one language, for people and editors. */
export function letterFields(language: 'en' | 'de'): readonly LetterFieldView[] {
  const view = (one: LetterField): LetterFieldView => ({
    path: one.path,
    type: one.type,
    label: one.label[language],
    description: one.description[language],
    example: one.example,
    where: one.where ?? null,
    optional: one.optional,
    items: (one.items ?? []).map(view),
  });
  return ALL.map(view);
}

const BY_PATH = new Map(ALL.map((one) => [one.path, one]));

/** Properties that Liquid itself gives to texts and lists. */
const OWN: Readonly<Record<'list' | 'text', readonly string[]>> = { list: ['size', 'first', 'last'], text: ['size'] };

/** The field of a path, or undefined; `x.size` is a number where x is a list or a text. */
export function fieldAt(path: readonly string[]): LetterField | undefined {
  const found = BY_PATH.get(path.join('.'));
  if (found !== undefined || path.length < 2) return found;
  const around = BY_PATH.get(path.slice(0, -1).join('.'));
  return around === undefined ? undefined : ownOf(around, path.at(-1) ?? '');
}

/** The same within an entry of a list. */
export function itemAt(list: LetterField, path: readonly string[]): LetterField | undefined {
  if (list.items === undefined) return path.length === 0 ? { ...list, type: 'text' } : undefined;
  return list.items.find((item) => item.path === ['item', ...path].join('.'));
}

function ownOf(around: LetterField, name: string): LetterField | undefined {
  const names = around.type === 'list' ? OWN.list : around.type === 'text' ? OWN.text : [];
  return names.includes(name) ? { ...around, type: 'number', optional: false } : undefined;
}
