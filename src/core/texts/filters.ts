import type { Catalogue } from './catalogue.ts';

/** What can be wrong in a filter, wherever it stands; told with its place by `placed`. */
const PROBLEMS = {
  unknown_field: {
    en: 'There is no field “{field}” here. The fields of {of} are: {known}.',
    de: 'Ein Feld „{field}“ gibt es hier nicht. Die Felder von {of} sind: {known}.',
  },
  unknown_field_near: {
    en: 'There is no field “{field}” here. Did you mean {suggestions}?',
    de: 'Ein Feld „{field}“ gibt es hier nicht. Gemeint ist vielleicht: {suggestions}?',
  },
  unknown_child: {
    en: 'Users have no “{name}” that one could ask for. There are: {known}.',
    de: 'Nach „{name}“ lässt sich bei Benutzern nicht fragen. Es gibt: {known}.',
  },
  unknown_child_near: {
    en: 'Users have no “{name}” that one could ask for. Did you mean {suggestions}?',
    de: 'Nach „{name}“ lässt sich bei Benutzern nicht fragen. Gemeint ist vielleicht: {suggestions}?',
  },
  users_only: {
    en: '“{word}” asks about a user and cannot stand inside the brackets of has or count.',
    de: '„{word}“ fragt nach einem Benutzer und kann nicht in den Klammern von has oder count stehen.',
  },
  unknown_operator: {
    en: 'There is no operator “{operator}”. For {field} there are: {operators}.',
    de: 'Einen Operator „{operator}“ gibt es nicht. Für {field} gibt es: {operators}.',
  },
  operator_unsuitable: {
    en: 'The operator {operator} does not suit the field {field}. For it there are: {operators}.',
    de: 'Der Operator {operator} passt nicht zum Feld {field}. Dafür gibt es: {operators}.',
  },
  text_expected: {
    en: 'The field {field} is compared with a text in quotes, such as "A1".',
    de: 'Das Feld {field} wird mit einem Text in Anführungszeichen verglichen, etwa "A1".',
  },
  date_expected: {
    en: 'The field {field} is compared with a date such as 2032-01-31, or one counted from today such as today + 30 days.',
    de: 'Das Feld {field} wird mit einem Datum wie 2032-01-31 verglichen oder mit einem, das von heute an zählt, wie today + 30 days.',
  },
  date_not_real: {
    en: 'There is no such day as {value} in the calendar (a date is written year-month-day, such as 2032-01-31).',
    de: 'Den Tag {value} gibt es im Kalender nicht (ein Datum schreibt man Jahr-Monat-Tag, etwa 2032-01-31).',
  },
  shift_too_far: {
    en: 'A date may lie at most 200 years from today; {amount} {unit} is more, or not a whole number.',
    de: 'Ein Datum darf höchstens 200 Jahre von heute entfernt sein; {amount} {unit} ist mehr oder keine ganze Zahl.',
  },
  integer_expected: {
    en: 'The field {field} is compared with a whole number between -2147483648 and 2147483647.',
    de: 'Das Feld {field} wird mit einer ganzen Zahl zwischen -2147483648 und 2147483647 verglichen.',
  },
  amount_expected: {
    en: 'The field {field} is compared with an amount such as 12.50: at most two decimals and less than ten thousand million.',
    de: 'Das Feld {field} wird mit einem Betrag wie 12.50 verglichen: höchstens zwei Nachkommastellen, weniger als zehn Milliarden.',
  },
  boolean_expected: {
    en: 'The field {field} is compared with true or false.',
    de: 'Das Feld {field} wird mit true oder false verglichen.',
  },
  value_empty: {
    en: 'An empty text equals nothing. To find users whose {field} is empty, write: {field} is empty.',
    de: 'Ein leerer Text ist mit nichts gleich. Wer sucht, wo {field} leer ist, schreibt: {field} is empty.',
  },
  value_too_long: {
    en: 'The text compared with {field} has {length} characters; at most {limit} are allowed.',
    de: 'Der Text, mit dem {field} verglichen wird, hat {length} Zeichen; erlaubt sind höchstens {limit}.',
  },
  bad_characters: {
    en: 'The text compared with {field} contains a NUL or half of a character (an unpaired surrogate); no record can hold that.',
    de: 'Der Text, mit dem {field} verglichen wird, enthält ein NUL oder ein halbes Zeichen (ein einzelnes Surrogat); das kann in keinem Datensatz stehen.',
  },
  list_empty: {
    en: 'The list of values for {field} is empty.',
    de: 'Die Liste der Werte für {field} ist leer.',
  },
  count_expected: {
    en: 'A count is compared, by {operators}, with a whole number from 0 to 1000000.',
    de: 'Eine Anzahl wird mit {operators} mit einer ganzen Zahl von 0 bis 1000000 verglichen.',
  },
} as const satisfies Catalogue;

type Problems = typeof PROBLEMS;

type Placed<Form extends string, En extends string, De extends string> = {
  readonly [K in keyof Problems as `filters.${Form}.${K}`]: {
    readonly en: `${En}${Problems[K]['en']}`;
    readonly de: `${De}${Problems[K]['de']}`;
  };
};

/** Every problem once more with its place in front: line and column of a text, or the path in a JSON tree. */
function placed<Form extends string, En extends string, De extends string>(form: Form, en: En, de: De): Placed<Form, En, De> {
  const entries = Object.entries(PROBLEMS).map(([code, text]) => [
    `filters.${form}.${code}`,
    { en: `${en}${text.en}`, de: `${de}${text.de}` },
  ]);
  // Object.fromEntries forgets which key goes with which text; the type says it again.
  return Object.fromEntries(entries) as Placed<Form, En, De>;
}

export const filtersTexts = {
  'filters.empty': {
    en: 'The filter is empty. A filter for all users is written in so many words: everyone',
    de: 'Der Filter ist leer. Ein Filter für alle Benutzer wird ausgeschrieben: everyone',
  },
  'filters.too_long': {
    en: 'The filter has {length} characters; at most {limit} are allowed. For long lists of users make a set from a file.',
    de: 'Der Filter hat {length} Zeichen; erlaubt sind höchstens {limit}. Für lange Listen von Benutzern gibt es Sets aus einer Datei.',
  },
  'filters.too_large': {
    en: 'The filter is too large: at most {conditions} conditions, {values} values and {characters} characters of values are allowed. For long lists of users make a set from a file.',
    de: 'Der Filter ist zu groß: erlaubt sind höchstens {conditions} Bedingungen, {values} Werte und {characters} Zeichen in Werten. Für lange Listen von Benutzern gibt es Sets aus einer Datei.',
  },
  'filters.too_deep': {
    en: 'The filter is nested too deeply: at most {limit} levels are allowed.',
    de: 'Der Filter ist zu tief verschachtelt: erlaubt sind höchstens {limit} Ebenen.',
  },
  ...placed('text', 'Filter, line {line}, column {column}: ', 'Filter, Zeile {line}, Spalte {column}: '),
  ...placed('json', 'Filter, at {path}: ', 'Filter, bei {path}: '),
  'filters.text.condition_expected': {
    en: 'Filter, line {line}, column {column}: a condition is expected (a field name, has, count, not, everyone or an opening bracket), but here is {found}.',
    de: 'Filter, Zeile {line}, Spalte {column}: Hier wird eine Bedingung erwartet (ein Feldname, has, count, not, everyone oder eine öffnende Klammer), es steht aber {found} da.',
  },
  'filters.text.operator_expected': {
    en: 'Filter, line {line}, column {column}: after {field} one of {operators} is expected, but here is {found}.',
    de: 'Filter, Zeile {line}, Spalte {column}: Nach {field} wird eines von {operators} erwartet, es steht aber {found} da.',
  },
  'filters.text.condition_missing': {
    en: 'Filter, line {line}, column {column}: the filter ends here, but a condition should follow.',
    de: 'Filter, Zeile {line}, Spalte {column}: Der Filter endet hier, es fehlt noch eine Bedingung.',
  },
  'filters.text.unfinished': {
    en: 'Filter, line {line}, column {column}: the filter ends here, but it should go on with {expected}.',
    de: 'Filter, Zeile {line}, Spalte {column}: Der Filter endet hier, müsste aber mit {expected} weitergehen.',
  },
  'filters.text.expected': {
    en: 'Filter, line {line}, column {column}: {expected} is expected, but here is {found}.',
    de: 'Filter, Zeile {line}, Spalte {column}: Hier wird {expected} erwartet, es steht aber {found} da.',
  },
  'filters.text.quote_missing': {
    en: 'Filter, line {line}, column {column}: the text that begins here has no closing quote.',
    de: 'Filter, Zeile {line}, Spalte {column}: Dem Text, der hier beginnt, fehlt das schließende Anführungszeichen.',
  },
  'filters.text.bad_escape': {
    en: 'Filter, line {line}, column {column}: {escape} means nothing; inside quotes there are \\" \\\' \\\\ \\n \\r and \\t.',
    de: 'Filter, Zeile {line}, Spalte {column}: {escape} hat keine Bedeutung; in Anführungszeichen gibt es \\" \\\' \\\\ \\n \\r und \\t.',
  },
  'filters.text.curly_quote': {
    en: 'Filter, line {line}, column {column}: a text stands in straight quotes ("…"), not in {found}.',
    de: 'Filter, Zeile {line}, Spalte {column}: Ein Text steht in geraden Anführungszeichen ("…"), nicht in {found}.',
  },
  'filters.text.bad_character': {
    en: 'Filter, line {line}, column {column}: the character {found} has no meaning outside quotes.',
    de: 'Filter, Zeile {line}, Spalte {column}: Das Zeichen {found} hat außerhalb von Anführungszeichen keine Bedeutung.',
  },
  'filters.json.not_a_filter': {
    en: 'Filter, at {path}: this is not a filter. A filter is an object with one of: everyone, and, or, not, field, has.',
    de: 'Filter, bei {path}: Das ist kein Filter. Ein Filter ist ein Objekt mit einem von: everyone, and, or, not, field, has.',
  },
  'filters.json.unknown_key': {
    en: 'Filter, at {path}: “{key}” is not known here. There are: {known}.',
    de: 'Filter, bei {path}: „{key}“ ist hier nicht bekannt. Es gibt: {known}.',
  },
  'filters.json.wrong_shape': {
    en: 'Filter, at {path}: {expected} is expected.',
    de: 'Filter, bei {path}: Hier wird {expected} erwartet.',
  },
} as const satisfies Catalogue;
