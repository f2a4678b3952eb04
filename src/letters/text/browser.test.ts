/** How letters look in a real browser engine, narrow and wide. Pictures of them go where `LETTER_PICTURES` says. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../test/support/chromium.ts';
import { letterData, type LetterUser, sampleData } from '../letter-data.ts';
import { compileLetter, type LetterSource } from './index.ts';

const PICTURES = process.env['LETTER_PICTURES'];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 120_000);
afterAll(() => browser.close());

const LONG = 'Maximiliane-Friederike-Wilhelmine-von-und-zu-Hohenfels-Oberkirchbergstetten';
const EVERYTHING = `# Ihr Konto, {{ user.name }}

Guten Tag **{{ user.name }}**, Ihr Konto gilt bis zum *{{ user.expiry_date }}*. Mehr auf [den Seiten der Bibliothek](https://library.example.org).

## Was sich geändert hat

| Feld | Vorher | Nachher |
| --- | --- | ---: |
{% for c in changes %}
| {{ c.label }} | {{ c.old }} | {{ c.new }} |
{% endfor %}

| | |
| --- | --- |
| Benutzername | \`{{ user.primary_id }}\` |
| Gruppe | {{ user.group }} |

- Erstens https://library.example.org/a/very/long/address/that/nobody/would/type/by/hand/0123456789/0123456789
- Zweitens
  1. eins
  2. zwei

> Ein Zitat

---

Mit freundlichen Grüßen\\
{{ library.name }}
`;

const LETTERS: readonly (readonly [name: string, source: LetterSource, user: Partial<LetterUser>])[] = [
  ['everything', { language: 'de', subject: 'Ihr Konto', body: EVERYTHING }, {}],
  [
    'long-name',
    { language: 'de', subject: 'Ihr Konto', body: EVERYTHING },
    { first_name: LONG, last_name: LONG.replaceAll('-', ''), primary_id: LONG.replaceAll('-', '') },
  ],
  [
    'arabic',
    {
      language: 'ar',
      subject: 'حسابك',
      body: '# مرحبا {{ user.name }}\n\nحسابك صالح حتى **{{ user.expiry_date }}**.\n\n- أولا\n- ثانيا\n\n| | |\n|---|---|\n| الاسم | {{ user.name }} |\n',
    },
    { first_name: 'فاطمة', last_name: 'الزهراء' },
  ],
  [
    'logo-and-colours',
    {
      language: 'en',
      subject: 'Hello',
      body: '# Hello\n\nDear {{ user.name }}, look at [our page](https://library.example.org).',
      frame: {
        header: '**{{ library.name }}**',
        footer: 'Legal line, [Imprint](https://library.example.org/imprint)',
        // Not fetched in tests: what stands in its place is its words.
        logo: { url: 'https://library.example.org/logo.png', alt: 'Logo of the library', width: 200 },
        colours: { accent: '#7a1f3d', link: '#7a1f3d' },
      },
    },
    {},
  ],
];

describe.each(LETTERS)('%s', (name, source, values) => {
  test.each([320, 800])('at %i pixels needs no scrolling to the side, and axe finds nothing', async (width) => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    // Nothing is fetched, whatever a letter names.
    await context.route('**/*', (route) => route.abort());
    const page = await context.newPage();
    await page.setContent(compileLetter(source).render(dataOf(source.language, values)).html, { waitUntil: 'domcontentloaded' });
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}-${width}.png`, fullPage: true });
    expect(await overflow(page)).toEqual({ page: 0, beyond: [] });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    await context.close();
  });
});

test('a browser reads the elements that were written, whatever a name holds', async () => {
  const page = await browser.newPage();
  const body =
    '# {{ user.name }}\n\n[{{ user.name }}](https://x.example/{{ user.name }}) {{ user.name }}\n\n| {{ user.name }} | b |\n|---|---|\n| {{ user.name }} | c |\n';
  const letter = compileLetter({ language: 'en', subject: '{{ user.name }}', body });
  const shape = async (first_name: string): Promise<string> => {
    await page.setContent(letter.render(dataOf('en', { first_name, last_name: null })).html, { waitUntil: 'domcontentloaded' });
    return await page.evaluate('[...document.querySelectorAll("*")].map((e) => e.tagName + e.getAttributeNames().join()).join(" ")');
  };
  const plain = await shape('Maria');
  for (const nasty of [
    '<img src=x onerror=alert(1)>',
    '"><script>x</script>',
    "' onclick='x",
    '</title></head><body>',
    '<!--',
    '&lt;b&gt;',
    '</td></table><p>',
  ]) {
    expect(await shape(nasty), nasty).toBe(plain);
  }
  await page.close();
});

function dataOf(language: string, values: Partial<LetterUser>) {
  const sample = sampleData(language, false);
  const user: LetterUser = {
    primary_id: 'm.beispiel',
    first_name: 'Maria',
    last_name: 'Beispiel',
    pref_first_name: null,
    pref_last_name: null,
    expiry_date: '2027-09-30',
    account_type: 'INTERNAL',
    group_en: 'Students',
    group_de: 'Studierende',
    type_en: null,
    type_de: null,
    ...values,
  };
  const library = {
    libraryName: 'Stadt- und Landesbibliothek Musterstadt',
    libraryEmail: 'info@library.example.org',
    libraryWeb: 'https://library.example.org',
    libraryPhone: '+49 30 901820',
    libraryAddress: 'Musterstraße 1, 10115 Berlin',
  };
  return { ...letterData(user, { name: 'Run', today: '2026-10-01' }, library, language), changes: sample.changes };
}

/** By how much the page is wider than its window, and what sticks out. */
async function overflow(page: Page): Promise<{ readonly page: number; readonly beyond: readonly string[] }> {
  return await page.evaluate(`({
    page: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    beyond: [...document.querySelectorAll('body *')]
      .filter((e) => { const box = e.getBoundingClientRect(); return box.right > innerWidth + 0.5 || box.left < -0.5; })
      .map((e) => e.outerHTML.slice(0, 80)),
  })`);
}
