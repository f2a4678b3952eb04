import { describe, expect, test } from 'vitest';
import { markdownFromHtml } from './html-import.ts';
import { checkLetter } from './index.ts';

const errorsOf = (body: string) =>
  checkLetter({ language: 'en', subject: 'Hello', body }, { credentials: false }).filter((problem) => problem.severity === 'error');

describe('pasted wording becomes Markdown', () => {
  test('from a page', () => {
    const html = `<div style="color:red"><h1>Willkommen</h1><p>Liebe <b>{{ user.name }}</b>,<br>schön, dass Sie <i>da</i> sind.</p>
      <ul><li>Eins</li><li>Zwei <a href="https://library.example/a">Katalog</a></li></ul>
      <p>Fragen? <a href="mailto:info@library.example">info@library.example</a></p><script>alert(1)</script>
      <img src="https://track.example/pixel.gif" width="1" height="1"></div>`;
    const markdown = markdownFromHtml(html);
    expect(markdown).toBe(`# Willkommen

Liebe **{{ user.name }}**,\\
schön, dass Sie *da* sind.

- Eins
- Zwei [Katalog](https://library.example/a)

Fragen? <info@library.example>
`);
    expect(errorsOf(markdown)).toEqual([]);
  });

  test('from a word processor, whose lists are paragraphs with a sign before them', () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{mso-x:y}</style><title>Dokument1</title></head><body>
<p class=MsoNormal>Guten Tag {{ <span class=SpellE>user</span>.last_name | append: &quot;!&quot; }}<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Erstens<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast><![if !supportLists]><span>·<span>&nbsp;&nbsp; </span></span><![endif]>Zweitens<o:p></o:p></p></body></html>`;
    const markdown = markdownFromHtml(html);
    expect(markdown).toBe('Guten Tag {{ user.last_name | append: "!" }}\n\n- Erstens\n- Zweitens\n');
    expect(errorsOf(markdown)).toEqual([]);
  });

  test('tables that say something stay tables, those that place something do not', () => {
    expect(markdownFromHtml('<table><tr><th>Feld</th><th>Wert</th></tr><tr><td>a|b</td><td>{{ user.name }}</td></tr></table>')).toBe(
      '| Feld | Wert |\n| --- | --- |\n| a\\|b | {{ user.name }} |\n',
    );
    expect(markdownFromHtml('<table><tr><td>Name</td><td>{{ user.name }}</td></tr></table>')).toBe(
      '|  |  |\n| --- | --- |\n| Name | {{ user.name }} |\n',
    );
    expect(markdownFromHtml('<table><tr><td><table><tr><td><p>Hallo</p><p>Welt</p></td></tr></table></td></tr></table>')).toBe(
      'Hallo\n\nWelt\n',
    );
  });

  test('names of fields are not taken for Markdown, and addresses may be fields', () => {
    expect(markdownFromHtml('<p>{{ user.first_name }} {{ user.last_name }} <a href="{{ library.web }}">zur Bibliothek</a></p>')).toBe(
      '{{ user.first_name }} {{ user.last_name }} [zur Bibliothek]({{ library.web }})\n',
    );
    expect(markdownFromHtml('<p>{% if user.expiry_date %}</p><p>a</p><p>{% endif %}</p>')).toBe(
      '{% if user.expiry_date %}\n\na\n\n{% endif %}\n',
    );
  });

  test.each([
    '<a href="javascript:alert(1)">x</a>',
    '<img src="x" onerror="alert(1)" alt="x">x',
    '<svg onload=alert(1)>x</svg>',
    '<iframe src="https://evil.example"></iframe>x',
    '<style>x</style><p onclick="x()">x</p>',
    '&lt;script&gt;alert(1)&lt;/script&gt;x',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<![if x]><script>x</script><![endif]>x',
    `\ue0000\ue001x`,
  ])('nothing that runs comes through: %s', (html) => {
    const markdown = markdownFromHtml(html);
    expect(markdown).not.toMatch(/javascript:|onerror|onload|onclick|iframe|svg/i);
    expect(markdown).toContain('x');
  });

  test('text that looks like Markdown stays what it was', () => {
    expect(markdownFromHtml('<p>1. Mai, *kein* Stern, # keine</p>')).toBe('1\\. Mai, \\*kein\\* Stern, # keine\n');
  });
});
