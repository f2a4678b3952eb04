import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LetterUser, letterData } from '../letter-data.ts';
import { compileLetter, type FrameSource, type LetterSource } from './index.ts';
import { enginesOf } from './engine.ts';
import { htmlTemplate } from './html.ts';
import { readPart } from './compile.ts';
import { COLOURS } from './frame.ts';

const NO_FRAME: FrameSource = { header: '', footer: '', logo: null };
const LIBRARY = {
  libraryName: 'Library',
  libraryEmail: null,
  libraryWeb: 'https://library.example',
  libraryPhone: null,
  libraryAddress: null,
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
    group_en: 'Students',
    group_de: 'Studierende',
    type_en: 'Internal',
    type_de: 'Intern',
    ...values,
  };
}

const dataOf = (values: Partial<LetterUser>, language = 'en', library: Partial<typeof LIBRARY> = {}) =>
  letterData(user(values), { name: 'Run', today: '2026-11-24' }, { ...LIBRARY, ...library }, language);

function render(body: string, values: Partial<LetterUser> = {}, more: Partial<LetterSource> = {}, library: Partial<typeof LIBRARY> = {}) {
  const language = more.language ?? 'en';
  return compileLetter({ language, subject: 'Hello', body, frame: NO_FRAME, ...more }).render(dataOf(values, language, library), {
    blocks: true,
  });
}

/** The letter's own part of the document, without styles. */
function main(html: string): string {
  const part = /<div role="main">\n([\s\S]*?)<\/div><\/td>/.exec(html)?.[1] ?? '';
  return part.replace(/ style="[^"]*"/g, '').trim();
}

describe('Markdown with Liquid', () => {
  test('conditions on lines of their own choose whole paragraphs', () => {
    const body =
      'Dear {{ user.name }},\n{% if user.expiry_date %}\nuntil **{{ user.expiry_date }}**.\n{% else %}\nfor ever.\n{% endif %}\nBye';
    expect(main(render(body).html)).toBe('<p>Dear Maria Beispiel,</p>\n<p>until <strong>30 September 2027</strong>.</p>\n<p>Bye</p>');
    expect(main(render(body, { expiry_date: null }).html)).toBe('<p>Dear Maria Beispiel,</p>\n<p>for ever.</p>\n<p>Bye</p>');
  });

  test('loops make items of one list, and no list where there is nothing', () => {
    const body = 'You have:\n\n{% for loan in circulation.loan_list %}\n- {{ loan.title }}, {{ loan.due_date }}\n{% endfor %}\n\nBye';
    const loans = ['A', 'B'].map((title) => ({ title, barcode: null, due_on: '2026-12-01' }));
    const { html, text } = render(body, { details: { loans } });
    expect(main(html)).toBe('<p>You have:</p>\n<ul><li>A, 1 December 2026</li>\n<li>B, 1 December 2026</li>\n</ul>\n<p>Bye</p>');
    expect(text).toBe('You have:\n\n- A, 1 December 2026\n- B, 1 December 2026\n\nBye\n');
    const none = render(body);
    expect(main(none.html)).toBe('<p>You have:</p>\n<p>Bye</p>');
    expect(none.text).toBe('You have:\n\nBye\n');
  });

  test('loops stand within a list with other items, and a condition within a loop drops items', () => {
    const body = '- first\n{% for n in (1..4) %}\n{% if n != 2 %}\n- n{{ n }}\n{% endif %}\n{% endfor %}\n- last';
    expect(main(render(body).html).replaceAll('\n', '')).toBe('<ul><li>first</li><li>n1</li><li>n3</li><li>n4</li><li>last</li></ul>');
  });

  test('an item whose words are all under a condition goes with it', () => {
    const body = '- a\n- {% if user.expiry_date %}until {{ user.expiry_date }}{% endif %}\n- c';
    expect(main(render(body, { expiry_date: null }).html).replaceAll('\n', '')).toBe('<ul><li>a</li><li>c</li></ul>');
    expect(render(body).text).toBe('- a\n- until 30 September 2027\n- c\n');
  });

  test('loops make rows of a table', () => {
    const body = '| N | Twice |\n| --- | ---: |\n{% for n in (1..2) %}\n| {{ n }} | {{ n | times: 2 }} |\n{% endfor %}\n| all | 6 |\n\nBye';
    const { html, text } = render(body);
    expect(main(html).replaceAll('\n', '')).toBe(
      '<table><thead><tr><th scope="col">N</th><th scope="col">Twice</th></tr></thead><tbody>' +
        '<tr><td>1</td><td>2</td></tr><tr><td>2</td><td>4</td></tr><tr><td>all</td><td>6</td></tr></tbody></table><p>Bye</p>',
    );
    expect(text).toBe('N   | Twice\n----+------\n1   |     2\n2   |     4\nall |     6\n\nBye\n');
  });

  test('a table without headings is what something is, and its value; rows may depend', () => {
    const body =
      '| | |\n| --- | --- |\n| Name | **{{ user.name }}** |\n{% if user.expiry_date %}\n| Until | {{ user.expiry_date }} |\n{% endif %}\n';
    expect(render(body).text).toBe('    Name:   Maria Beispiel\n    Until:  30 September 2027\n');
    const { html, blocks } = render(body, { expiry_date: null });
    expect(main(html).replaceAll('\n', '')).toBe(
      '<table><tr><th scope="row">Name</th><td><strong>Maria Beispiel</strong></td></tr></table>',
    );
    expect(blocks).toEqual([
      {
        kind: 'definitions',
        rows: [{ term: [{ kind: 'text', text: 'Name' }], content: [{ kind: 'text', text: 'Maria Beispiel', bold: true }] }],
      },
    ]);
  });

  test('case, unless, elsif and assign do what Liquid says', () => {
    const body =
      '{% assign short = user.name | upcase %}\n{% case user.account_type %}\n{% when "Internal" %}\nin {{ short }}\n{% else %}\nout\n{% endcase %}\n{% unless user.group %}x{% elsif user.title %}y{% else %}z{% endunless %}';
    expect(main(render(body).html)).toBe('<p>in MARIA BEISPIEL</p>\n<p>z</p>');
  });

  test('snippets stand in lines and between them, and are Markdown with fields themselves', () => {
    const snippets = {
      greeting: 'Dear {{ user.name }}',
      bye: 'Kind regards\\\n**{{ library.name }}**\n\n{% snippet "legal" %}',
      legal: '*Legal*',
    };
    const { html } = render('{% snippet "greeting" %}\n\nHello {% snippet "greeting" %}!\n\n{% snippet "bye" %}', {}, { snippets });
    expect(main(html)).toBe(
      '<p>Dear Maria Beispiel</p>\n<p>Hello Dear Maria Beispiel!</p>\n<p>Kind regards<br><strong>Library</strong></p>\n<p><em>Legal</em></p>',
    );
  });

  test('a tag at the edge of a line whose end is in another paragraph goes around the paragraphs', () => {
    const body = '{% if user.expiry_date %}Until {{ user.expiry_date }}.\n\nRenew it.\n{% else %}For ever.{% endif %}\n\nBye';
    expect(main(render(body).html)).toBe('<p>Until 30 September 2027.</p>\n<p>Renew it.</p>\n<p>Bye</p>');
    expect(main(render(body, { expiry_date: null }).html)).toBe('<p>For ever.</p>\n<p>Bye</p>');
    expect(main(render('{% for n in (1..2) %}\n- {{ n }}\n{% endfor %}Bye').html)).toBe('<ul><li>1</li>\n<li>2</li>\n</ul>\n<p>Bye</p>');
  });

  test('comments leave nothing behind', () => {
    expect(main(render('a\n\n{% comment %}\n{{ not.there }}\n{% endcomment %}\n\n{% # x %}\nb').html)).toBe('<p>a</p>\n<p>b</p>');
  });

  test.each([
    ['en', 1, 'loan'],
    ['en', 2, 'loans'],
    ['en', 0, 'loans'],
    ['de', 1, 'loan'],
  ])('plural in %s of %i is %s', (language, loans, word) => {
    expect(render('{{ circulation.loans | plural: "loan", "loans" }}', { loans }, { language }).text).toBe(`${word}\n`);
  });

  test.each([
    [1, 'a'],
    [3, 'b'],
    [5, 'c'],
    [22, 'b'],
    [1.5, 'd'],
  ])('Polish has four forms; of %s it is %s', (loans, form) => {
    expect(render('{{ circulation.loans | plural: "a", "b", "c", "d" }}', { loans }, { language: 'pl' }).text).toBe(`${form}\n`);
  });

  test('dates, money, numbers and lists are written as the language has them', () => {
    const body =
      '{{ user.expiry_date | date: "short" }}|{{ circulation.fees | money: "EUR" }}|{{ 1234567 | number }}|{{ "a,b,c" | split: "," | list }}';
    expect(render(body, { fees: '1234.5' }, { language: 'de' }).text).toBe('30.09.27|1.234,50\u00a0€|1.234.567|a, b und c\n');
    expect(render(body, { fees: '1234.5' }).text).toBe('30/09/2027|€1,234.50|1,234,567|a, b and c\n');
  });

  test('dates compare as days', () => {
    const body =
      '{% if user.expiry_date < run.date %}over{% else %}on{% endif %}{% if user.expiry_date == "2026-11-24" %} today{% endif %}';
    expect(render(body, { expiry_date: '2026-11-23' }).text).toBe('over\n');
    expect(render(body, { expiry_date: '2026-11-24' }).text).toBe('on today\n');
  });

  test('a letter says what it needs', () => {
    const needs = (body: string) => [...compileLetter({ language: 'en', subject: 'x', body }).needs];
    expect(needs('{{ user.name }}')).toEqual([]);
    expect(needs('{% for c in changes %}\n- {{ c.label }}\n{% endfor %}{{ user.barcode }}')).toEqual(['changes', 'identifiers']);
    expect(needs('{% if x %}{{ change.expiry_date.old }}{% endif %}{{ contact.email }} {{ circulation.loans }}')).toEqual(
      expect.arrayContaining(['changes', 'contact', 'circulation']),
    );
    const snippets = { a: '{{ contact.city }}' };
    expect([...compileLetter({ language: 'en', subject: 'x', body: '{% snippet "a" %}', snippets }).needs]).toEqual(['contact']);
  });
});

describe('the text alternative', () => {
  test('is wrapped, writes links out, and keeps lists', () => {
    const words = 'word '.repeat(30).trim();
    const { text } = render(
      `# Title\n\n${words}\n\n1. one\n2. ${words}\n   - inner\n\n> quoted\n\n[Renew](https://library.example/renew) <{{ library.web }}> [me@x.example](mailto:me@x.example)`,
    );
    expect(text).toBe(`Title
=====

word word word word word word word word word word word word word word word
word word word word word word word word word word word word word word word

1. one
2. word word word word word word word word word word word word word word
   word word word word word word word word word word word word word word
   word word
   - inner

> quoted

Renew <https://library.example/renew> https://library.example me@x.example
`);
  });

  test('an address is never broken', () => {
    const address = `https://library.example/${'a'.repeat(120)}`;
    expect(render(`Look at [this page of ours](${address}) now`).text).toContain(`<${address}>`);
  });

  test('a wide table becomes lines', () => {
    const long = 'x'.repeat(50);
    expect(render(`| A | B |\n|---|---|\n| ${long} | ${long} |`).text).toBe(`- A: ${long}\n  B: ${long}\n`);
  });
});

describe('what users hold can never act as a template, as Markdown, as HTML, or as a header', () => {
  test('a name that is Liquid stays text', () => {
    const { subject, text, html } = render(
      'Dear {{ user.name }}',
      { first_name: '{{ library.name }}', last_name: '{% if true %}' },
      { subject: 'For {{ user.name }}' },
    );
    expect(subject).toBe('For {{ library.name }} {% if true %}');
    expect(text).toBe('Dear {{ library.name }} {% if true %}\n');
    expect(main(html)).toBe('<p>Dear {{ library.name }} {% if true %}</p>');
  });

  test('a name that is HTML is escaped in HTML and plain in text', () => {
    const { html, text } = render('Dear {{ user.last_name }}', { last_name: `<script>alert("1")</script>&'` });
    expect(main(html)).toBe('<p>Dear &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>');
    expect(text).toBe(`Dear <script>alert("1")</script>&'\n`);
  });

  test('a name that is Markdown stays what it is', () => {
    const { html, text } = render('Dear {{ user.last_name }}', { last_name: '# **x** [a](https://evil.example) `c` | y' });
    expect(main(html)).toBe('<p>Dear # **x** [a](https://evil.example) `c` | y</p>');
    expect(text).toBe('Dear # **x** [a](https://evil.example) `c` | y\n');
  });

  test('text that looks like Liquid only after Markdown is text', () => {
    expect(main(render('\\{\\{ user.name }} {\\% if x %} &lbrace;{ a }}').html)).toBe(
      '<p>&#123;&#123; user.name }} &#123;% if x %} &#123;&#123; a }}</p>',
    );
    expect(render('\\{\\{ user.name }}').text).toBe('{{ user.name }}\n');
  });

  test.each(['assign x = user.last_name'])('%s does not get around the escaping', (tag) => {
    expect(main(render(`{% ${tag} %}{{ x }}`, { last_name: '<b>' }).html)).toBe('<p>&lt;b&gt;</p>');
  });

  test.each(['\r\nBcc: all@example.org', '\nX: y', '\u2028Bcc: x', '\u0085Bcc: x', '\0', '\u202egpj.exe', '\u0002p\u0004x\u0003'])(
    'a name with %j is one line everywhere',
    (name) => {
      const { subject, text, html, blocks } = render(
        'Dear {{ user.last_name }}',
        { last_name: `Nasty${name}` },
        { subject: 'For {{ user.last_name }}' },
      );
      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
      expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
      expect(main(html)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
      expect(blocks).toHaveLength(1);
    },
  );

  test('a subject whose template has lines is one line', () => {
    expect(render('x', {}, { subject: 'One\r\nBcc: x@example.org\n\nTwo' }).subject).toBe('One Bcc: x@example.org Two');
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'x" onclick="y',
    '//evil.example',
    'file:///etc/passwd',
    'https://a b',
  ])('an address %j from a field is no link', (libraryWeb) => {
    const { html, text } = render('[Home]({{ library.web }}) [More]({{ library.web }}/x?id={{ user.primary_id }})', {}, {}, { libraryWeb });
    expect(main(html)).not.toMatch(/href=/);
    expect(text).toBe('Home More\n');
  });

  test('a field within an address is one part of it', () => {
    const { html } = render(
      '[Renew](https://library.example/u/{{ user.primary_id }}?a=1) [Mail](mailto:x@y.example?subject={{ user.primary_id }})',
      {
        primary_id: '../x?y=1&z="#/',
      },
    );
    expect(main(html)).toBe(
      '<p><a href="https://library.example/u/..%2Fx%3Fy%3D1%26z%3D%22%23%2F?a=1">Renew</a> <a href="mailto:x@y.example?subject=..%2Fx%3Fy%3D1%26z%3D%22%23%2F">Mail</a></p>',
    );
  });
});

describe('limits', () => {
  const limits = (body: string) => () => render(body);
  test.each([
    ['a range without end', '{% for i in (1..99999999) %}{{ i }}{% endfor %}'],
    ['loops in loops', `${'{% for i in (1..900) %}'.repeat(3)}x${'{% endfor %}'.repeat(3)}`],
    ['a text that doubles', `{% assign a = "xxxxxxxxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(30)}{{ a }}`],
    ['loops that print a lot', `{% for i in (1..19000) %}${'x'.repeat(5_000)}{% endfor %}`],
  ])('%s ends', (_name, body) => {
    const started = performance.now();
    expect(limits(body)).toThrow(/limit exceeded|too long/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

test('languages are written from their side', () => {
  expect(render('x', {}, { language: 'ar' }).html).toContain('<html lang="ar" dir="rtl">');
  expect(render('x', {}, { language: 'he' }).html).toContain('dir="rtl"');
  expect(render('x', {}, { language: 'de-at' }).html).toContain('<html lang="de-at" dir="ltr">');
});

/** Elements of a piece of HTML, in their order. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)/gi)].map((match) => match[1] ?? '');
}

describe('for any data', () => {
  const BODY = `# {{ user.name }}\n\nx [{{ user.first_name }}](https://x.example/{{ user.last_name }}) **{{ user.group }}**\n\n- {{ user.primary_id }}\n\n| {{ user.name }} | b |\n|---|---|\n| {{ user.last_name }} | {{ user.campus }} |\n\n![{{ user.name }}](https://x.example/a.png)\n`;
  const letter = compileLetter({ language: 'en', subject: '{{ user.name }}', body: BODY });
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom('<b>', '">', "'", '{{', '{%', '</title><script>', '\u0002p\u0004', '&lt;', '--></td>', ']]>', '\u2029'),
    fc.string({ minLength: 1, maxLength: 40 }),
  );

  test('HTML has no element but the template’s, and text no line but its own', () => {
    const expected = tagsOf(letter.render(dataOf({ campus_en: 'C' })).html);
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (first, last, group, id) => {
        const made = letter.render(dataOf({ first_name: first, last_name: last, group_en: group, primary_id: id, campus_en: group }), {
          blocks: true,
        });
        expect(tagsOf(made.html)).toEqual(expected);
        expect(made.subject).not.toMatch(/[\r\n]/);
        expect(made.blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'table', 'paragraph']);
        // Attributes are closed by the template alone.
        expect([...made.html.matchAll(/<[^<>]*>/g)].every(([tag]) => (tag.match(/"/g) ?? []).length % 2 === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('templates are filled in as liquidjs does by itself', () => {
    const pieces = fc.constantFrom(
      'plain ',
      '{{ user.name }} ',
      '{{ user.expiry_date }} ',
      '{{ user.name | upcase | append: "!" }} ',
      '{{ user.name.size }} ',
      '{%- if user.expiry_date -%} a {%- else -%} b {%- endif -%}',
      '{% if user.group == "Students" and user.title %}c{% elsif user.campus %}d{% endif %}',
      '{% unless user.signs_in_elsewhere %}e{% endunless %}',
      '\n{% for i in (1..3) %}\n- {{ i }} {{ user.name }} {{ forloop.last }}\n{% endfor %}\n',
      '{% assign x = user.group %}{{ x }} {% if x %}f{% endif %}',
      '[l](https://x.example/{{ user.primary_id }}) ',
      '[m]({{ library.web }}) ',
      '{% case user.group %}{% when "Students" %}g{% else %}h{% endcase %}',
      '\n\n',
    );
    const engine = enginesOf('en').html;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), nasty, fc.boolean(), (parts, name, expires) => {
        const body = `x ${parts.join('')}`;
        const data = dataOf({ last_name: name, expiry_date: expires ? '2027-09-30' : null });
        const template = htmlTemplate(readPart('body', body, {}), { colours: COLOURS, quiet: false, direction: 'ltr' });
        const alone = String(engine.parseAndRenderSync(template, data));
        const made = compileLetter({ language: 'en', subject: 'x', body, frame: NO_FRAME }).render(data).html;
        expect(made).toContain(`<div role="main">\n${alone}</div>`);
      }),
      { numRuns: 200 },
    );
  });
});
