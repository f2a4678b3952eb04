import { describe, expect, test } from 'vitest';
import { looksForged } from './check-links.ts';
import { contrast } from './contrast.ts';
import { checkLetter, COLOURS, FRAMES, type LetterSource } from './index.ts';

const check = (body: string, more: Partial<LetterSource> = {}, credentials = false) =>
  checkLetter({ language: 'en', subject: 'Hello', body, ...more }, { credentials });

/** `part line:column code` of each problem, without what all codes begin with. */
const found = (...args: Parameters<typeof check>) =>
  check(...args).map((p) => `${p.part} ${p.line}:${p.column} ${p.code.replace('letters.check.', '')}`);

describe('a letter is checked with line and column', () => {
  test('a good one has no problems', () => {
    expect(
      check('Dear {{ user.name }},\n\n{% for c in changes %}\n- {{ c.label }}: {{ c.old }} ({{ forloop.index }})\n{% endfor %}'),
    ).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    ['an unknown field', 'a\n  {{ user.nam }}', ['body 2:6 field_meant']],
    ['one in a branch that no sample reaches', '{% if user.expiry_date %}a{% else %}{{ nothing }}{% endif %}', ['body 1:40 field_unknown']],
    ['one in a condition', 'x\n\n{% if user.x %}y{% elsif nothing %}z{% endif %}', ['body 3:7 field_unknown', 'body 3:26 field_unknown']],
    ['a group as a whole', '{{ user }}', ['body 1:4 field_is_group']],
    ['a list as a whole', '{{ changes }}', ['body 1:4 field_is_list']],
    ['a computed name', '{{ user[run.name] }}', ['body 1:4 field_unknown']],
    ['a prototype', '{{ user.constructor }}', ['body 1:4 field_unknown']],
    ['a field of a loop that its entries have not', '{% for c in changes %}\n- {{ c.lable }}\n{% endfor %}', ['body 2:6 field_meant']],
    [
      'the name of a loop behind its end',
      '{% for c in changes %}\n- {{ c.label }}\n{% endfor %}\n\n{{ c.label }}',
      ['body 5:4 field_unknown'],
    ],
    ['a password where none is made', '{{ password }}', ['body 1:4 field_not_here']],
    ['a broken tag', 'x\n\n{% if %}', ['body 3:6 liquid']],
    ['an unclosed tag', 'x\n{% if user.name %}', ['body 2:1 tag_not_closed']],
    ['an unclosed brace', 'x\n  {{ user.name', ['body 2:3 output_not_closed']],
    ['an unknown filter', '{{ user.name | explode }}', ['body 1:1 filter_unknown']],
    ['the filter that switches escaping off', '{{ user.name | raw }}', ['body 1:1 filter_unknown']],
    ['a filter of the compiler', '{{ user.name | _href }}', ['body 1:1 filter_unknown']],
    ['a wrong style of date', 'a\n{{ user.expiry_date | date: "bogus" }}', ['body 2:1 render']],
    ['reading a file', `{% include '/etc/passwd' %}`, ['body 1:1 tag_unknown']],
    ['rendering a file', `{% render 'x' %}`, ['body 1:1 tag_unknown']],
    ['a layout', `{% layout 'x' %}`, ['body 1:1 tag_unknown']],
    ['raw', '{% raw %}{{ x }}{% endraw %}', ['body 1:1 tag_unknown']],
    ['nothing', '  ', ['body 1:1 empty']],
    ['a loop without end', 'x\n{% for i in (1..99999999) %}{{ i }}{% endfor %}', ['body 2:1 limit']],
    ['nested loops', `${'{% for i in (1..9000) %}'.repeat(3)}x${'{% endfor %}'.repeat(3)}`, ['body 1:49 limit']],
    ['a source that is too long', 'x'.repeat(300_000), ['body 1:1 too_long']],
    ['a tag from one item into the next', '- a\n{% if user.name %}\n- b\n\ntext {% endif %}', ['body 2:1 tag_crosses']],
    ['a tag across bold', 'Hi **{% if user.name %}x** y{% endif %}', ['body 1:1 tag_crosses']],
    ['a condition in an address', '[x]({% if user.name %}https://a.example{% endif %})', ['body 1:1 tag_in_address']],
    ['HTML', 'x\ny <b>bold</b>', ['body 2:3 html']],
    ['a picture without words', '![](https://a.example/x.png)', ['body 1:1 image_alt']],
    ['a picture that is not encrypted', '![x](http://a.example/x.png)', ['body 1:1 image_address']],
    ['a heading without words', '# a\n\n#\n', ['body 3:1 heading_empty']],
    ['a level left out', '# a\n\n### b', ['body 3:1 heading_skipped']],
    ['a first heading that is none', '## a', ['body 1:1 heading_first']],
    ['a link that says nothing', 'Look [here](https://a.example).', ['body 1:11 link_words']],
    ['the same in German', 'Bitte [hier klicken](https://a.example).', ['body 1:20 link_words']],
    ['a link to nothing', '[our page]()', ['body 1:10 link_empty']],
    ['a link without words', '[](https://a.example)', ['body 1:2 link_no_words']],
    ['a script', '[our page](javascript:alert)', ['body 1:10 link_scheme']],
    ['a link that is not encrypted', '[our page](http://a.example)', ['body 1:10 link_not_secure']],
    ['a link that shows another place', 'See [www.bank.example](https://evil.example/bank.example)', ['body 1:22 link_mismatch']],
    ['a mail address that shows another', '[a@bank.example](mailto:a@evil.example)', ['body 1:16 link_mismatch']],
    ['an address with look-alike letters', '[our page](https://pаypal.example)', ['body 1:10 link_scripts']],
  ])('%s', (_name, body, expected) => {
    expect(found(body)).toEqual(expected);
  });

  test('what is fine', () => {
    expect(found('[bank.example](https://www.bank.example/x) <https://a.example> <a@b.example> [Straße](https://straße.example)')).toEqual(
      [],
    );
    expect(found('{% assign x = user.name | upcase %}{{ x }} {{ contact.address_lines | join: ", " }} {{ changes.size }}')).toEqual([]);
    expect(found('1 < 2 and a <- b')).toEqual([]);
  });

  test('snippets: unknown, in themselves, with lines where there is only one, and mistakes within them', () => {
    expect(found('a\n\n{% snippet "b" %}')).toEqual(['body 3:1 snippet_unknown']);
    const snippets = { self: 'x\n\n{% snippet "self" %}', lines: 'a\n\nb', wrong: 'a\n\n{{ user.nam }}' };
    expect(found('{% snippet "self" %}', { snippets })).toEqual(['snippet:self 3:1 snippet_in_itself']);
    expect(found('a {% snippet "lines" %}', { snippets })).toEqual(['body 1:3 snippet_not_inline']);
    expect(found('{% snippet "wrong" %}', { snippets })).toEqual(['snippet:wrong 3:4 field_meant']);
  });

  test('letters with credentials tell them, but not in the subject', () => {
    expect(found('Hello', {}, true)).toEqual(['body 1:1 secret_missing']);
    expect(found('{{ password }}', {}, true)).toEqual([]);
    expect(found('{{ link }}', { sms: 'Hello' }, true)).toEqual(['sms 1:1 secret_missing']);
    expect(found('{% if password %}a{% endif %}', {}, true)).toEqual(['body 1:1 secret_missing']);
    expect(found('{{ password }}', { subject: 'Now {{ password }}' }, true)).toEqual(['subject 1:5 secret_in_subject']);
    expect(found('{{ password }} [{{ link }}]({{ library.web }})', {}, true)).toEqual(['body 1:27 link_mismatch']);
  });

  test('text messages: how many parts, and why', () => {
    expect(found('x', { sms: 'a'.repeat(161) })).toEqual(['sms 1:1 sms_long']);
    expect(check('x', { sms: '„Guten Tag“' })[0]?.message.de).toContain('„ “');
  });

  test('subjects', () => {
    expect(found('x', { subject: ' ' })).toEqual(['subject 1:1 empty']);
    expect(found('x', { subject: 'a'.repeat(61) })).toEqual(['subject 1:1 subject_long']);
    expect(found('x', { subject: 'a\nb {{ user.nam }}' })).toEqual(['subject 2:6 field_meant', 'subject 1:1 subject_lines']);
  });

  test('frames', () => {
    const frame = (more: object) => ({ frame: { ...FRAMES.en, ...more } });
    expect(found('x', frame({ footer: 'a\n{{ library.nam }}' }))).toEqual(['frame.footer 2:4 field_meant']);
    expect(found('x', frame({ logo: { url: 'https://a.example/x.png', alt: ' ' } }))).toEqual(['frame.logo 1:1 image_alt']);
    expect(found('x', frame({ logo: { url: 'javascript:x', alt: 'x' } }))).toEqual(['frame.logo 1:1 image_address']);
    expect(found('x', frame({ colours: { accent: 'red' } }))).toEqual(['frame.colours 1:1 colour']);
    expect(found('x', frame({ colours: { muted: '#999999' } }))).toEqual(['frame.colours 1:1 contrast', 'frame.colours 1:1 contrast']);
    expect(check('x', frame({ colours: { muted: '#999999' } })).every((p) => p.severity === 'warning')).toBe(true);
  });

  test('every problem is said in both languages, with everything filled in', () => {
    const all = check('{{ user.nam }} [here](http://a.example) <b> {{ user }} ![](x)\n\n### x', { sms: 'x', subject: 'a\nb' }, true);
    expect(all.length).toBeGreaterThan(6);
    for (const { message } of all) {
      expect(message.en).not.toBe(message.de);
      expect(`${message.en} ${message.de}`).not.toMatch(/letters\.check|\{[a-z]+\}(?! %)/);
    }
  });
});

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast(COLOURS.muted, COLOURS.page)).toBeGreaterThan(4.5);
});

test.each([
  ['library.example', false],
  ['bücher.example', false],
  ['библиотека.example', false],
  ['βιβλιοθήκη.example', false],
  ['図書館.example', false],
  ['pаypal.example', true],
  ['раурал.example', false],
  ['сосо.example', true],
  ['αpple.example', true],
])('%s looks forged: %s', (host, forged) => {
  expect(looksForged(host)).toBe(forged);
});
