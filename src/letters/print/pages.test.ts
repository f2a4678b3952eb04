import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type PdfPage, readPdf } from '../../../test/support/pdf.ts';
import type { Block, PrintedLetter, Stationery } from './blocks.ts';
import { face } from './fonts.ts';
import { printLetter } from './letter-pages.ts';
import { lines } from './lines.ts';
import { Pen } from './pen.ts';
import { pieces, shape } from './shape.ts';
import { SHEETS } from './sheet.ts';

const STATIONERY: Stationery = {
  layout: 'din5008',
  name: 'Stadtbibliothek Beispiel',
  returnLine: 'Stadtbibliothek Beispiel · Am Markt 1 · 53111 Bonn',
  sender: ['Am Markt 1', '53111 Bonn'],
  footer: ['Träger: Stadt Bonn'],
  logo: null,
};

const paragraph = (text: string): Block => ({ kind: 'paragraph', text: [{ text }] });

function letter(more: Partial<PrintedLetter>): PrintedLetter {
  return {
    language: 'de',
    subject: 'Ihr Konto läuft bald ab',
    blocks: [paragraph('Guten Tag')],
    address: ['Maria Beispiel', 'Weg 1', '53111 Bonn'],
    date: '27. November 2026',
    ...more,
  };
}

async function print(letters: readonly PrintedLetter[], more: Partial<Stationery> = {}) {
  const stationery = { ...STATIONERY, ...more };
  const sheet = SHEETS[stationery.layout];
  const pen = new Pen({ title: 'Briefe', language: 'de', width: sheet.width, height: sheet.height });
  const whole = buffer(pen.doc);
  const printed = letters.map((one) => printLetter(pen, one, stationery));
  pen.end();
  const pdf = await whole;
  // To look at the pages: PRINT_TO=/tmp/pages.pdf
  if (process.env['PRINT_TO'] !== undefined) await writeFile(process.env['PRINT_TO'], pdf);
  return { ...(await readPdf(pdf)), printed, pdf: pdf.toString('latin1') };
}

const place = (page: PdfPage | undefined, text: string) => page?.lines.find((line) => line.text.includes(text));

describe('a page', () => {
  test('says everything in the order of reading', async () => {
    const { pages } = await print([
      letter({
        blocks: [
          { kind: 'paragraph', text: [{ text: 'Gültig bis ' }, { text: '30. September', bold: true }, { text: ' – „100 €“.' }] },
          { kind: 'heading', level: 1, text: [{ text: 'Was nun?' }] },
          { kind: 'list', ordered: true, start: 3, items: [[paragraph('Kommen')], [paragraph('Gehen')]] },
          { kind: 'definitions', rows: [{ term: [{ text: 'Name' }], value: [{ text: 'm.beispiel' }] }] },
          { kind: 'table', header: [[{ text: 'Titel' }], [{ text: 'Fällig' }]], rows: [[[{ text: 'Faust' }], [{ text: '1.12.' }]]] },
          { kind: 'quote', blocks: [paragraph('Zitat')] },
          paragraph('Mit Gruß\nIhre Bibliothek'),
        ],
      }),
    ]);
    expect(pages.map((page) => page.text)).toEqual([
      [
        'Stadtbibliothek Beispiel',
        'Stadtbibliothek Beispiel · Am Markt 1 · 53111 Bonn',
        'Maria Beispiel',
        'Weg 1',
        '53111 Bonn',
        'Am Markt 1',
        '53111 Bonn',
        '27. November 2026',
        'Ihr Konto läuft bald ab',
        'Gültig bis 30. September – „100 €“.',
        'Was nun?',
        '3. Kommen',
        '4. Gehen',
        'Name m.beispiel',
        'Titel Fällig',
        'Faust 1.12.',
        'Zitat',
        'Mit Gruß',
        'Ihre Bibliothek',
        'Träger: Stadt Bonn',
      ].join('\n'),
    ]);
    expect(pages[0]?.structure).toBe(
      'Root(Document(Sect[de](P P P P H1 P H2 L(LI(Lbl LBody(P)) LI(Lbl LBody(P))) L(LI(Lbl LBody)) Table(TR(TH TH) TR(TD TD)) BlockQuote(P) P)))',
    );
  });

  test('is tagged, titled, and has its fonts in it', async () => {
    const { info, metadata, pdf } = await print([letter({}), letter({ language: 'en' })]);
    expect(info).toMatchObject({ Title: 'Briefe', Language: 'de' });
    expect(metadata).toContain('<pdfuaid:part>1</pdfuaid:part>');
    expect(pdf).toContain('/Marked true');
    expect(pdf).toContain('/DisplayDocTitle true');
    const fonts = [...pdf.matchAll(/\/FontName \/[A-Z]{6}\+(\S+)/g)].map((found) => found[1]);
    expect(fonts.sort()).toEqual(['NotoSans-Bold', 'NotoSans-Regular']);
    expect(pdf.match(/\/FontFile2 /g)).toHaveLength(2);
  });

  test('of DIN 5008 form B: window, information block, text, marks', async () => {
    const long = [
      'Dr. Maximiliane von und zu Habenichts-Schlotterbeck',
      'c/o Institut',
      'Haus 3',
      'Aufgang B',
      'Straße des Siebzehnten Juni 128',
      '10623 Berlin',
      'DEUTSCHLAND',
    ];
    const { pages, pdf } = await print([letter({}), letter({ address: long })]);
    const [short, full] = pages;
    expect(place(short, 'Am Markt 1 · 53111')).toMatchObject({ x: expect.closeTo(25, 1) });
    expect(place(short, 'Am Markt 1 · 53111')?.y).toBeLessThan(62.7);
    // The address zone: 62.7 to 90 mm from the top, 20 to 105 mm from the left, all of a long address too.
    for (const [page, texts] of [
      [short, letter({}).address],
      [full, long],
    ] as const) {
      for (const text of texts) {
        const word = text.split(' ')[0] ?? '';
        const line = page?.lines.find((one) => one.text.includes(word) && one.y > 62.7 && one.x < 105);
        expect(line, text).toBeDefined();
        expect(line?.y).toBeLessThan(90);
        expect((line?.x ?? 0) + (line?.width ?? 0)).toBeLessThan(105);
      }
    }
    expect(place(short, '27. November')).toMatchObject({ x: expect.closeTo(125, 1) });
    expect(place(short, 'Ihr Konto')?.y).toBeGreaterThan(98.46);
    expect(place(short, 'Ihr Konto')?.y).toBeLessThan(105);
    expect([SHEETS.din5008.marks.map((mark) => (mark.y / 72) * 25.4), SHEETS.din5008.width, SHEETS.din5008.height]).toEqual([
      [expect.closeTo(105, 3), expect.closeTo(148.5, 3), expect.closeTo(210, 3)],
      expect.closeTo(595.28, 1),
      expect.closeTo(841.89, 1),
    ]);
    expect(pdf).toContain('/MediaBox [0 0 595.27');
  });

  test('of US Letter: the address within the window of a No. 10 envelope', async () => {
    const { pages } = await print(
      [letter({ address: ['Jane Example', '12 Main Street', 'Apt 5', 'Springfield, IL 62701'], language: 'en' })],
      { layout: 'us10' },
    );
    const inches = (mm: number | undefined): number => (mm ?? 0) / 25.4;
    for (const text of ['Jane Example', '12 Main', 'Apt 5', 'Springfield']) {
      const line = place(pages[0], text);
      expect(inches(line?.y)).toBeGreaterThan(2.04);
      expect(inches(line?.y)).toBeLessThan(3.17);
      expect(inches(line?.x)).toBeGreaterThanOrEqual(0.875);
    }
    // No return address above it: it stands in the head.
    expect(place(pages[0], ' · ')).toBeUndefined();
  });
});

describe('a letter of several pages', () => {
  const blocks = Array.from(
    { length: 30 },
    (_, n): Block =>
      n % 6 === 5
        ? { kind: 'heading', level: 1, text: [{ text: `Abschnitt ${n}` }] }
        : paragraph(`${n}. ${'Ein langer Absatz über die Bibliothek. '.repeat(6)}`),
  );

  test('has page numbers, the address on the first page alone, and nothing below the margin', async () => {
    const { pages, printed } = await print([letter({ blocks })]);
    expect(pages).toHaveLength(3);
    expect(printed).toEqual([{ pages: 3, missing: [] }]);
    expect(pages.map((page) => /Seite \d von \d/.exec(page.text)?.[0])).toEqual(['Seite 1 von 3', 'Seite 2 von 3', 'Seite 3 von 3']);
    expect(pages.map((page) => page.text.includes('Maria Beispiel'))).toEqual([true, false, false]);
    for (const page of pages) {
      const body = page.lines.filter((line) => /Absatz|Abschnitt/.test(line.text)).map((line) => line.y);
      expect(Math.max(...body)).toBeLessThan(262);
      // Headings stay with what they are about.
      expect(page.lines.filter((line) => line.y < 262).at(-1)?.text).not.toMatch(/Abschnitt (?!29)/);
    }
    const all = pages.map((page) => page.text).join('\n');
    for (let n = 0; n < 30; n += 1) expect(all).toMatch(n % 6 === 5 ? new RegExp(`Abschnitt ${n}\\b`) : new RegExp(`(?:^|\\n)${n}\\. Ein`));
  });

  test('numbers its pages without words in other languages', async () => {
    const { pages } = await print([letter({ blocks, language: 'fr' })]);
    expect(pages[1]?.text).toContain('2 / 3');
  });
});

describe('scripts', () => {
  test.each([
    ['el', 'Αγαπητή Μαρία, ο λογαριασμός σας – Ἀρχαῖα'],
    ['ru', 'Уважаемая Мария! Її Ґ Қазақ'],
    ['pl', 'Zażółć gęślą jaźń, Łódź; ő ș ț đ ữ'],
    ['zh', '尊敬的王小明：您的图书馆账户。繁體：圖書館'],
    ['ja', '図書館の利用カードは有効です。'],
    ['ko', '안녕하세요 김철수 님, 도서관'],
  ])('%s is written and can be read', async (language, text) => {
    const { pages, printed } = await print([letter({ language, blocks: [paragraph(text)] })]);
    expect(printed[0]?.missing).toEqual([]);
    expect(pages[0]?.text.replaceAll('\n', '')).toContain(text);
    expect(pages[0]?.structure).toContain(`Sect[${language}]`);
  });

  test('Arabic letters join', () => {
    const arabic = face('arabic', false);
    const joined = shape('محمد', arabic, true).glyphs.map((glyph) => glyph.id);
    const alone = ['م', 'ح', 'م', 'د'].map((one) => shape(one, arabic, true).glyphs[0]?.id).reverse();
    expect(joined).toHaveLength(4);
    expect(joined.filter((id, index) => id === alone[index])).toEqual([]);
    // Lam and alef are one glyph.
    expect(shape('لا', arabic, true).glyphs).toHaveLength(1);
  });

  test('from right to left: order, brackets and numbers on the line, and the words as they are read beside it', async () => {
    const text = 'שלום (m.beispiel) עד 30 בספטמבר';
    const [line] = lines([{ text }], { size: 10, width: 1_000, direction: 'rtl', missing: new Set() });
    const shown = (line?.pieces ?? []).map((piece) => (piece.level % 2 === 1 ? [...piece.seen].reverse().join('') : piece.seen)).join('');
    expect(shown).toBe('רבמטפסב 30 דע (m.beispiel) םולש');
    const { pages } = await print([letter({ language: 'he', blocks: [paragraph(text)] })]);
    expect(place(pages[0], 'm.beispiel')?.x).toBeGreaterThan(100);
    expect(line?.text).toBe(text);
  });

  test('vowel points stand over their letters, not behind them', () => {
    const [word] = pieces([{ text: 'שָׁ' }], { bold: false, direction: 'rtl', missing: new Set() });
    expect(word?.placed).toBe(true);
    expect(word?.glyphs.filter((glyph) => glyph.advance > 0)).toHaveLength(1);
  });

  test('characters that no font has are told, and never printed as a box', async () => {
    const { printed, pages } = await print([letter({ blocks: [paragraph('Ende ไทย 😀')] })]);
    expect(printed[0]?.missing).toEqual(['ไ', 'ท', 'ย', '😀']);
    expect(pages[0]?.text).toContain('Ende \ufffd\ufffd\ufffd \ufffd');
    // What is known to be missing is told for every letter, also when its text was set before.
    expect((await print([letter({ blocks: [paragraph('Ende ไทย 😀')] })])).printed[0]?.missing).toHaveLength(4);
  });
});

describe('lines', () => {
  const set = (text: string, width: number) => lines([{ text }], { size: 10, width, missing: new Set() });

  test('end between words, and within a word only if it is longer than a line', () => {
    const made = set('Die Bibliothek https://library.example.org/account/renew?user=m.beispiel&language=de ist offen', 120);
    expect(made.every((line) => line.width <= 120)).toBe(true);
    expect(made.map((line) => line.text).join('|')).toBe(
      'Die Bibliothek https://|library.example.org/|account/renew?user=m.|beispiel&language=de ist|offen',
    );
    const cut = set('Donaudampfschifffahrtsgesellschaftskapitänsmütze', 60);
    expect(cut.length).toBeGreaterThan(3);
    expect(cut.map((line) => line.text).join('')).toBe('Donaudampfschifffahrtsgesellschaftskapitänsmütze');
  });

  test('end between ideographs, but not before a full stop', () => {
    const made = set('图书馆图书馆图书馆。', 30);
    expect(made.map((line) => line.text)).toEqual(['图书馆', '图书馆', '图书', '馆。']);
  });

  test('keep line breaks, and are never none', () => {
    expect(set('a\nb\n\nc', 100).map((line) => line.text)).toEqual(['a', 'b', '', 'c']);
    expect(set('', 100)).toHaveLength(1);
  });
});
