/**
 * Filling in letters: the seeded German letter EXPIRES_SOON in its frame, for many different users, as HTML and
 * as text; next to liquidjs alone, which fills in two ready-made templates of the same result, with the same
 * fields and none of the conditions, into HTML that is escaped. Nothing else runs; no database is asked.
 *
 *     npm run bench -- render [--users 20000] [--rounds 5]
 *
 * Times are processor time. That for making the data out of what was read of a user counts for Muster, and not for liquidjs.
 */
import { Liquid } from 'liquidjs';
import { type LetterUser, letterData } from '../src/letters/letter-data.ts';
import { compileLetter, FRAMES } from '../src/letters/text/index.ts';
import { median, options, rounds } from './support/rounds.ts';

const { users: count, rounds: turns } = options({ users: 20_000, rounds: 5 });

const BODY = `Guten Tag {{ user.name }},

{% if user.expiry_date %}
Ihr Benutzerkonto {{ user.primary_id }} gilt bis zum **{{ user.expiry_date }}**. Das ist der letzte Tag, an dem Sie es nutzen können.
{% else %}
Ihr Benutzerkonto {{ user.primary_id }} läuft bald ab.
{% endif %}

Wenn Sie die Bibliothek weiterhin nutzen möchten, lassen Sie Ihr Konto bitte vorher verlängern. Geben Sie bitte auch Entliehenes rechtzeitig zurück.

Mit freundlichen Grüßen\\
{{ library.name }}
`;
const LIBRARY = {
  libraryName: 'Stadtbibliothek',
  libraryEmail: 'info@library.example',
  libraryWeb: 'https://library.example',
  libraryPhone: '+49 30 901820',
  libraryAddress: 'Musterstraße 1, 10115 Berlin',
};
const RUN = { name: 'Erinnerung', today: '2026-11-24' };

const people = Array.from({ length: count }, (_, n): LetterUser => {
  const day = new Date(Date.UTC(2027, 0, 1 + (n % 365))).toISOString().slice(0, 10);
  return {
    primary_id: `p${n}`,
    first_name: `Vorname${n % 977}`,
    last_name: `Nachname-${n % 4099}`,
    pref_first_name: null,
    pref_last_name: null,
    expiry_date: day,
    account_type: 'INTERNAL',
    group_en: 'Students',
    group_de: 'Studierende',
    type_en: 'Internal',
    type_de: 'Intern',
  };
});
const letter = compileLetter({ language: 'de', subject: 'Ihr Bibliothekskonto läuft bald ab', body: BODY, frame: FRAMES.de });
const dataOf = (user: LetterUser) => letterData(user, RUN, LIBRARY, 'de');

const bare = bareTemplates();
const prepared = people.map(dataOf);
if (bare.render(prepared[0]).html.length !== letter.render(dataOf(people[0] ?? fail())).html.length) fail();

const taken = await rounds(turns + 1, {
  muster: async () => seconds(() => people.map((user) => weigh(letter.render(dataOf(user))))),
  bare: async () => seconds(() => prepared.map((data) => weigh(bare.render(data)))),
});
// The first round is the one in which the compiler of JavaScript learns.
const rate = (side: readonly number[]): number => count / median(side.slice(1));
console.log(`muster ${rate(taken.muster).toFixed(0)} letters/s, liquidjs alone ${rate(taken.bare).toFixed(0)} letters/s of one core`);
console.log(`render ratio=${(rate(taken.muster) / rate(taken.bare)).toFixed(2)} per_second=${rate(taken.muster).toFixed(0)}`);

/** Of processor time: others on the machine do not count, and neither side waits for anything. */
function seconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000_000;
}

/** Reads what was made, so that it has been made. */
function weigh(made: { readonly html: string; readonly text: string }): number {
  return made.html.charCodeAt(made.html.length - 1) + made.text.charCodeAt(made.text.length - 1);
}

function fail(): never {
  throw new Error('both sides have to make the same letter');
}

/** The letter of words that stand for fields, and then the fields in their place. */
function bareTemplates(): { render(data: object | undefined): { html: string; text: string } } {
  const words = { 'user.name': 'Zznamezz', 'user.primary_id': 'Zzidzz', 'user.expiry_date': 'Zzexpiryzz', 'library.name': 'Zzlibraryzz' };
  const library = {
    'library.email': 'zzmailzz@zz.example',
    'library.web': 'https://zzwebzz.example',
    'library.phone': 'Zzphonezz',
    'library.address': 'Zzaddresszz',
  };
  const sample = dataOf(people[0] ?? fail());
  const made = letter.render({
    ...sample,
    // The word goes where the date would; both are printed alike.
    user: {
      ...sample.user,
      name: words['user.name'],
      primary_id: words['user.primary_id'],
      expiry_date: words['user.expiry_date'] as never,
    },
    library: {
      name: words['library.name'],
      email: library['library.email'],
      web: library['library.web'],
      phone: library['library.phone'],
      address: library['library.address'],
    },
  });
  const engine = new Liquid({ outputEscape: 'escape', strictVariables: true });
  const plain = new Liquid({ strictVariables: true });
  const withFields = (text: string): string =>
    Object.entries({ ...words, ...library }).reduce((all, [path, word]) => all.replaceAll(word, `{{ ${path} }}`), text);
  const html = engine.parse(withFields(made.html));
  const text = plain.parse(withFields(made.text));
  return {
    render: (data) => ({ html: String(engine.renderSync(html, data)), text: String(plain.renderSync(text, data)) }),
  };
}
