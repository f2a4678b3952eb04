import { describe, expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';
import { checkLetter, compileLetter, type LetterTemplate, renderLetter } from './letter.ts';
import { type LetterUser, letterData, sampleData } from './letter-data.ts';

const GOOD: LetterTemplate = {
  subject: 'For {{ user.name }}',
  text_body: 'Dear {{ user.name }}, until {{ user.expiry_date }}',
  html_body: '<p>Dear {{ user.name }}</p>',
};

const settings = {
  libraryName: null,
  libraryEmail: null,
  libraryWeb: null,
  language: 'en',
  maxPerSecond: null,
  passwordFileDays: 30,
};

function user(values: Partial<LetterUser>): LetterUser {
  return {
    primary_id: 'p1',
    first_name: 'Maria',
    last_name: 'Beispiel',
    pref_first_name: null,
    pref_last_name: null,
    expiry_date: '2027-09-30',
    account_type: 'INTERNAL',
    group_en: null,
    group_de: null,
    type_en: 'Internal',
    type_de: 'Intern',
    ...values,
  };
}

function render(letter: LetterTemplate, values: Partial<LetterUser> = {}, language = 'en') {
  return renderLetter(compileLetter(letter), letterData(user(values), { name: 'Run', today: '2026-11-24' }, settings, language));
}

function problem(part: keyof LetterTemplate, source: string, credentials = false): string {
  const found = checkLetter({ ...GOOD, [part]: source }, 'en', credentials).filter((p) => p.part === part);
  return found.map((p) => `${p.line}:${p.column} ${p.problem}`).join('; ');
}

describe('values never act as a template, as HTML, or as a header', () => {
  test('a name that is Liquid stays text', () => {
    const { subject, text } = render(GOOD, { first_name: '{{ library.name }}', last_name: '{% if true %}' });
    expect(subject).toBe('For {{ library.name }} {% if true %}');
    expect(text).toContain('Dear {{ library.name }} {% if true %}');
  });

  test('a name that is HTML is escaped in the HTML part and plain in the text part', () => {
    const { text, html } = render(GOOD, { last_name: `<script>alert("1")</script>&'` });
    expect(html).toBe('<p>Dear Maria &lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&amp;&#39;</p>');
    expect(text).toContain(`Dear Maria <script>alert("1")</script>&'`);
  });

  test.each(['assign x = user.name', 'capture x'])('%s does not get around the escaping', (tag) => {
    const body = tag.startsWith('capture') ? `{% ${tag} %}{{ user.name }}{% endcapture %}{{ x }}` : `{% ${tag} %}{{ x }}`;
    expect(render({ ...GOOD, html_body: body }, { last_name: '<b>' }).html).not.toContain('<b>');
  });

  test.each(['\r\nBcc: all@example.org', '\nX: y', '\u2028Bcc: x', '\u0085Bcc: x', '\0', '\u202egpj.exe'])(
    'a name with %j is one line',
    (name) => {
      const { subject, text } = render(GOOD, { last_name: `Nasty${name}` });
      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
      expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
    },
  );

  test('a subject whose template has lines is one line', () => {
    expect(render({ ...GOOD, subject: 'One\r\nBcc: x@example.org\n\nTwo' }).subject).toBe('One Bcc: x@example.org Two');
  });
});

describe('a letter is checked when it is saved, with line and column', () => {
  test('a good one has no problems', () => {
    expect(checkLetter(GOOD, 'de', false)).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['an unknown variable', 'a\n  {{ user.nam }}', /^2:6 unknown variable user\.nam$/],
    [
      'one in a branch the sample does not reach',
      '{% if user.expiry_date %}a{% else %}{{ nothing }}{% endif %}',
      /unknown variable nothing/,
    ],
    ['a group as a whole', '{{ user }}', /unknown variable user$/],
    ['a computed name', '{{ user[run.name] }}', /unknown variable user\.\[…\]/],
    ['a prototype', '{{ user.constructor }}', /unknown variable user\.constructor/],
    ['a password where none is made', '{{ password }}', /unknown variable password/],
    ['a broken tag', 'x\n\n{% if %}', /^3:\d+ /],
    ['an unclosed tag', '{% if user.name %}', /^1:1 .*not closed/],
    ['an unknown filter', '{{ user.name | explode }}', /^1:\d+ undefined filter: explode/],
    ['the filter that switches escaping off', '{{ user.name | raw }}', /undefined filter: raw/],
    ['reading a file', `{% include '/etc/passwd' %}`, /tag "include" not found/],
    ['rendering a file', `{% render 'x' %}`, /tag "render" not found/],
    ['a layout', `{% layout 'x' %}`, /tag "layout" not found/],
    ['nothing', '  ', /must not be empty/],
    ['a loop without end', '{% for i in (1..99999999) %}{{ i }}{% endfor %}', /limit exceeded/],
    ['nested loops', `${'{% for i in (1..9000) %}'.repeat(3)}x${'{% endfor %}'.repeat(3)}`, /limit exceeded/],
    ['a template that is too long', 'x'.repeat(300_000), /limit exceeded/],
  ])('%s', (_name, source, expected) => {
    expect(problem('html_body', source)).toMatch(expected);
  });

  test('a credentials letter must carry the password in both parts', () => {
    expect(problem('text_body', 'Hello', true)).toContain('must contain {{ password }}');
    expect(problem('html_body', '<p>Hello</p>', true)).toContain('must contain {{ password }}');
    expect(problem('html_body', '<p>{{ password }}</p>', true)).toBe('');
  });
});

describe('what a letter shows', () => {
  test('preferred names come first, each on its own; without a name the primary id stands in', () => {
    const name = (values: Partial<LetterUser>) => letterData(user(values), { name: '', today: '2026-01-01' }, settings, 'en').user.name;
    expect(name({ pref_first_name: 'Mia' })).toBe('Mia Beispiel');
    expect(name({ pref_last_name: 'Muster' })).toBe('Maria Muster');
    expect(name({ first_name: null, last_name: 'Nur' })).toBe('Nur');
    expect(name({ first_name: null, last_name: null })).toBe('p1');
  });

  test.each([
    ['en', '30 September 2027'],
    ['de', '30. September 2027'],
    ['en-us', 'September 30, 2027'],
    ['fr', '30 septembre 2027'],
  ])('dates are written out in %s, the same day in every time zone', (language, expected) => {
    expect(render(GOOD, {}, language).text).toContain(`until ${expected}`);
  });

  test('every variable of the sample is a variable of real data', () => {
    const real = letterData(user({}), { name: 'r', today: '2026-01-01' }, settings, 'de', { password: 'x' });
    expect(Object.keys(sampleData('de', true).user)).toEqual(Object.keys(real.user));
  });
});

test.each([
  ['de', 'en', 'de'],
  ['de-AT', 'en', 'de'],
  ['de_CH', 'en', 'de'],
  ['deu', 'en', 'de'],
  ['fr', 'de', 'de'],
  ['fr', 'it', 'en'],
  [null, 'de', 'de'],
  ['not a language!', 'de', 'de'],
  ['EN-us', 'de', 'en'],
])('of German and English, %s (library: %s) reads %s', (wished, library, expected) => {
  expect(chooseLanguage(['de', 'en'], wished, library)).toBe(expected);
});
