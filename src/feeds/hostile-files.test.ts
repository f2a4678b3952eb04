/** Files that are broken, cut, mislabelled or made to harm: told plainly, and nothing is half-written. */
import { open } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { FeedDesk } from '../../test/support/feeds.ts';
import { sampleUser } from '../../test/support/sample-users.ts';
import { RECORD_LIMIT } from './limits.ts';

const test = useTestDatabase();
const desk = new FeedDesk(test);
beforeEach(() => desk.empty());

const PEOPLE = { name: 'people', fields: { primary_id: 'id', last_name: 'name', job_description: 'text' } };
const csv = (...rows: string[]) => `id,name,text\n${rows.join('\n')}\n`;
const xml = (...users: string[]) => `<?xml version="1.0" encoding="UTF-8"?>\n<users>\n${users.join('\n')}\n</users>\n`;
const element = (id: string, more = '') => `<user><primary_id>${id}</primary_id><last_name>Sample</last_name>${more}</user>`;
const nobody = async () =>
  expect(await desk.query('select (select count(*) from users) as users, (select count(*) from runs) as runs')).toEqual([
    { users: 0, runs: 0 },
  ]);

/** The import fails as a whole with this code, and nothing is changed. */
async function refused(
  content: string | Buffer,
  code: string,
  params: object = {},
  options: Parameters<FeedDesk['import']>[1] = {},
): Promise<void> {
  await expect(desk.import(content, options)).rejects.toMatchObject({ code, params: expect.objectContaining(params) as unknown });
  await nobody();
}

describe('encodings', () => {
  it('takes a byte-order mark, CRLF, and UTF-16 as spreadsheets save it', async () => {
    expect(await desk.import(`\u{feff}${csv('a,Ä,x').replaceAll('\n', '\r\n')}`, { mapping: PEOPLE })).toMatchObject({ created: 1 });
    expect(await desk.import(Buffer.from(`\u{feff}${csv('b,Ö,y').replaceAll(',', '\t')}`, 'utf16le'), { mapping: PEOPLE })).toMatchObject({
      created: 1,
    });
    expect(await desk.import(`\u{feff}${JSON.stringify(sampleUser('c'))}`)).toMatchObject({ created: 1 });
    expect(await desk.import(`\u{feff}${xml(element('d'))}`)).toMatchObject({ created: 1 });
    expect(await desk.query('select primary_id, last_name, job_description from users order by 1')).toMatchObject([
      { primary_id: 'a', last_name: 'Ä', job_description: 'x' },
      { primary_id: 'b', last_name: 'Ö', job_description: 'y' },
      {},
      {},
    ]);
  });

  it('names the line of what is not UTF-8 and the likely encoding, and reads it when told', async () => {
    const content = Buffer.concat([
      Buffer.from(`${csv('a,Müller,x')}b,`),
      Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x80]),
      Buffer.from(',y\n'),
    ]);
    await refused(content, 'feeds.not_utf8', { line: 3, likely: 'windows-1252' }, { mapping: PEOPLE });
    const latin = Buffer.from('id,name,text\nb,M\u{fc}ller \u{80},y\n', 'latin1');
    expect(await desk.import(latin, { mapping: PEOPLE, encoding: 'windows-1252' })).toMatchObject({ created: 1 });
    expect(await desk.query('select last_name from users')).toEqual([{ last_name: 'Müller €' }]);
  });

  it('finds the broken character wherever the pieces of the file are divided', async () => {
    const line = 'ä'.repeat(100);
    const filler = `u,${line},x\n`.repeat(700);
    await refused(
      Buffer.concat([Buffer.from(`id,name,text\n${filler}`), Buffer.from([0xed, 0xa0, 0x80, 0x0a])]),
      'feeds.not_utf8',
      { line: 702 },
      { mapping: PEOPLE },
    );
    await refused(
      Buffer.concat([Buffer.from(`id,name,text\n${filler}v,`), Buffer.from([0xc3])]),
      'feeds.not_utf8',
      { line: 702 },
      { mapping: PEOPLE },
    );
  });

  it('believes an XML declaration', async () => {
    const latin = Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?><users>${element('a', '<first_name>J\u{fc}rgen</first_name>')}</users>`,
      'latin1',
    );
    expect(await desk.import(latin)).toMatchObject({ created: 1 });
    expect(await desk.query('select first_name from users')).toEqual([{ first_name: 'Jürgen' }]);
    await expect(desk.import('<?xml version="1.0" encoding="EBCDIC-FR"?><users/>')).rejects.toMatchObject({
      code: 'feeds.encoding_unknown',
    });
  });
});

describe('CSV', () => {
  it('keeps leading zeros, quotes and newlines; leaves out blanks around ids; counts lines as an editor does', async () => {
    const result = await desk.import(`id;name;text\r\n  007 ;"He said ""hi""\r\nand left";"a;b"\r\n\r\n8;;\r\n;Nobody;\r\n`, {
      mapping: PEOPLE,
    });
    expect(result).toMatchObject({ created: 2, rejected: 1, errors: [{ line: 6, field: 'id', code: 'feeds.required' }] });
    expect(await desk.query('select primary_id, last_name, job_description from users order by 1')).toEqual([
      { primary_id: '007', last_name: 'He said "hi"\r\nand left', job_description: 'a;b' },
      { primary_id: '8', last_name: null, job_description: null },
    ]);
  });

  it('tells bad rows by line, column, rule and value; the good ones go in', async () => {
    const mapping = {
      ...PEOPLE,
      fields: { ...PEOPLE.fields, birth_date: { column: 'born', date: 'DD.MM.YYYY' }, status: { column: 'on', codes: { ja: 'ACTIVE' } } },
    };
    const result = await desk.import(
      [
        'id,name,text,born,on',
        'a,A,,29.2.1984,ja',
        'b,B,,29.2.1983,ja',
        `c,${'x'.repeat(256)},,,`,
        'd,D',
        'e,nul\0,,,',
        'f,F,,1984-02-29,vielleicht',
        'g,G,,,',
      ].join('\n'),
      { mapping },
    );
    expect(result).toMatchObject({ created: 2, rejected: 5 });
    expect(result.errors).toEqual([
      { line: 3, field: 'born', code: 'feeds.bad_date', message: '“29.2.1983” is not a date. Expected is a date like 2027-09-30.' },
      { line: 4, field: 'name', code: 'feeds.too_long', message: expect.stringContaining('256 characters; 255 are allowed') as unknown },
      { line: 5, field: '', code: 'feeds.column_count', message: 'The row has 2 columns, the header 5.' },
      { line: 6, field: 'name', code: 'feeds.bad_characters', message: 'The value contains a NUL character, which cannot be stored.' },
      { line: 7, field: 'on', code: 'feeds.unknown_code', message: expect.stringContaining('“vielleicht”') as unknown },
    ]);
  });

  it('refuses what is not CSV as a whole', async () => {
    await refused(csv('a,A,x', 'b,"never closed'), 'feeds.csv_broken', {}, { mapping: PEOPLE });
    await refused(csv('a,A,x', 'b,"closed"early,x'), 'feeds.csv_broken', { line: 3 }, { mapping: PEOPLE });
    await refused('PK\u{3}\u{4} this is a zip', 'feeds.columns_missing', { missing: 'id, name, text' }, { mapping: PEOPLE, format: 'csv' });
    await refused('id,id,name,text\n1,2,3,4\n', 'feeds.columns_twice', { columns: 'id' }, { mapping: PEOPLE });
    await refused(csv('a,A,x'), 'feeds.mapping_needed');
    await refused('', 'feeds.file_empty');
    await refused('  \n ', 'feeds.file_empty');
    await expect(desk.importFile('/nowhere/at/all')).rejects.toMatchObject({ code: 'feeds.file_unreadable', params: { reason: 'ENOENT' } });
  });

  it('says everything that is wrong with a mapping', async () => {
    const wrong = {
      name: 'w',
      fields: { created_at: 'x', last_name: { column: 'n', date: 'MM/MM/YYYY' } },
      rows: [
        { row: 'badge', from: { value: 'v' } },
        { row: 'email', with: { colour: 'red' } },
      ],
    };
    const error = await desk.import(csv('a'), { mapping: wrong }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'feeds.mapping_invalid' });
    for (const part of [
      'fields.created_at',
      'MM/MM/YYYY',
      'fields.primary_id',
      'badge',
      'email has no colour',
      'exactly one of from and packed',
    ]) {
      expect((error as Error).message).toContain(part);
    }
    await expect(desk.import(csv('a'), { mapping: { name: 'w', colums: {} } })).rejects.toMatchObject({ code: 'feeds.mapping_invalid' });
    await expect(desk.import([sampleUser('a')], { mapping: 'folio' })).rejects.toMatchObject({ code: 'feeds.mapping_unused' });
  });

  it('treats values as values, whatever they spell', async () => {
    const evil = [
      `'); drop table users; --`,
      '{{ user.password }}',
      '\\N',
      '\\.',
      '$' + '{1+1}',
      '$1',
      `=cmd|' /C calc'!A0`,
      `''=x`,
      `'tis`,
      '@x',
      '-1',
      '+1',
      '\\',
      '__proto__',
    ];
    const result = await desk.import(csv(...evil.map((text, i) => `u${i},"${text}","${text}"`)), { mapping: PEOPLE });
    expect(result).toMatchObject({ created: evil.length, rejected: 0 });
    const names = async () => (await desk.query<{ last_name: string }>('select last_name from users order by id')).map((r) => r.last_name);
    expect(await names()).toEqual(evil);
    const out = await desk.export('csv');
    // No cell begins with what a spreadsheet would run; an apostrophe stands before it.
    expect(out).not.toMatch(/(^|,)"?[=+@-]/m);
    expect(await desk.import(out)).toMatchObject({ unchanged: evil.length });
    await desk.empty();
    await desk.import(out);
    expect(await names()).toEqual(evil);
  });
});

describe('JSON', () => {
  it('takes one object, an array, a wrapped list, or an object per line', async () => {
    const [a, b] = [JSON.stringify(sampleUser('a', { job_description: '}],{"user":[' })), JSON.stringify(sampleUser('b'))];
    for (const text of [
      `${a}\n${b}`,
      `[${a},\n${b}]`,
      `{"total_record_count":2,"user":[${a},${b}],"x":{"y":[1]}}`,
      ` { "user" : [ ${a} , ${b} ] } `,
      `[]`,
      '{"user":[]}',
    ]) {
      const expected = text.includes('"a"') ? 2 : 0;
      expect(await desk.import(text), text).toMatchObject({ created: expected, rejected: 0 });
      await desk.empty();
    }
  });

  it('keeps its place when the file is divided anywhere', async () => {
    const { jsonRecords } = await import('./json-records.ts');
    const text = JSON.stringify(
      { total: 3, user: [{ a: 'x"\\]}{[,:' }, [1, { b: 2 }], 'text', -1.5e3, null, { 'user"': [{}] }], tail: { user: 1 } },
      null,
      1,
    );
    for (let size = 1; size < text.length; size += 1) {
      const pieces = (async function* () {
        for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
      })();
      const found = [];
      for await (const record of jsonRecords(pieces)) found.push(record);
      expect(found).toEqual([
        { line: 4, value: { a: 'x"\\]}{[,:' } },
        { line: 7, value: [1, { b: 2 }] },
        { line: 13, value: 'text' },
        { line: 14, value: -1500 },
        { line: 15, value: null },
        { line: 16, value: { 'user"': [{}] } },
      ]);
    }
  });

  it.each([
    ['[{"primary_id":"a"},{"primary_id":"b"', 'feeds.file_cut', {}],
    ['[{"primary_id":"a"},', 'feeds.file_cut', {}],
    ['{"user":[{"primary_id":"a"}', 'feeds.file_cut', {}],
    ['[{"primary_id":"a"}\n,\n{"primary_id":}]', 'feeds.json_broken', { line: 3 }],
    ['[{"primary_id":"a"}{"primary_id":"b"}]', 'feeds.json_broken', { line: 1 }],
    ['[{"primary_id":"a"},]', 'feeds.json_broken', {}],
    ['[,]', 'feeds.json_broken', {}],
    ['[{"primary_id":"a"}] trailing', 'feeds.json_broken', {}],
    ['{"primary_id":"a"}}', 'feeds.json_broken', {}],
    ['{"primary_id":"a\u0001"}', 'feeds.json_broken', {}],
    [`${'['.repeat(100_000)}`, 'feeds.too_deep', {}],
    [`[{"a":${'{"a":'.repeat(100)}1`, 'feeds.too_deep', {}],
  ])('refuses %s', (text, code, params) => refused(text, code, params));

  it('refuses single records that are no users or cannot be stored', async () => {
    const result = await desk.import(
      [
        '[',
        '7,',
        'null,',
        '["x"],',
        '{"primary_id":" "},',
        '{"last_name":"x"},',
        '{"primary_id":"a\\u0000"},',
        '{"primary_id":"b","last_name":"\\ud800"},',
        '{"primary_id":"c","user_note":{"user_note":[]}},',
        '{"primary_id":{"value":"d"}},',
        '{"primary_id":"e","user_identifier":[{"value":"1"}]},',
        '{"primary_id":"f","user_note":[{"note_type":"OTHER","note_text":"n","segment_type":"Both"}]},',
        '{"primary_id":"g","loans":-1,"fees":"free"},',
        '{"primary_id":"h","library_notice":[{"code":"X","value":true},{"code":"X","value":"false"}]},',
        '{"primary_id":"__proto__","__proto__":{"status":"x"},"constructor":1}',
        ']',
      ].join('\n'),
    );
    expect(result.errors.map((e) => `${e.line} ${e.field} ${e.code.slice(6)}`)).toEqual([
      '2  record_shape',
      '3  record_shape',
      '4  record_shape',
      '5 primary_id required',
      '6 primary_id primary_id_missing',
      '7 primary_id bad_characters',
      '8 last_name bad_characters',
      '9 user_note record_shape',
      '10 primary_id record_shape',
      '11 user_identifier[0].id_type required',
      '12 user_note[0].segment_type bad_segment',
      '13 loans bad_number',
      '13 fees bad_number',
      '14 library_notice contradiction',
    ]);
    expect(result).toMatchObject({ created: 1, rejected: 13 });
    expect(result.warnings.map((w) => w.field)).toEqual(['__proto__', 'constructor']);
  });

  it('never quotes a password', async () => {
    const long = 'sample-Secret-'.repeat(40);
    const result = await desk.import([
      sampleUser('a', { password: long }),
      sampleUser('b', { password: 7 }),
      sampleUser('c', { pin_number: `1\u0000` }),
    ]);
    expect(result).toMatchObject({ created: 0, rejected: 3 });
    expect(JSON.stringify(result)).not.toContain('sample-Secret');
    const error = await desk.import('{"password":"sample-Secret-1" "x"}').catch((e: unknown) => e);
    expect((error as Error).message).not.toContain('sample-Secret');
  });

  it('lists the first thousand problems and counts them all', async () => {
    const result = await desk.import(Array.from({ length: 1_500 }, (_, i) => ({ primary_id: `u${i}`, status: 'x' })));
    expect(result.errors).toHaveLength(1_000);
    expect(result).toMatchObject({ created: 0, rejected: 1_500, run_id: 1 });
    expect(result.errors[999]).toMatchObject({ line: 1, code: 'feeds.unknown_code' });
  });
});

describe('XML', () => {
  it('takes one user or many, with the five entities and CDATA', async () => {
    expect(await desk.import(element('one', '<first_name>A &amp; &lt;B&gt; &#x263A; <![CDATA[<&]]></first_name>'))).toMatchObject({
      created: 1,
    });
    expect(await desk.import(xml(element('two'), element('three', '<what>is this</what>')))).toMatchObject({
      created: 2,
      warnings: [{ field: 'what' }],
    });
    expect(await desk.query(`select first_name from users where primary_id = 'one'`)).toEqual([{ first_name: 'A & <B> ☺ <&' }]);
  });

  const LAUGHS = '<!DOCTYPE users [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  it.each([
    [`<?xml version="1.0"?>\n${LAUGHS}<users>${element('a', '<first_name>&b;</first_name>')}</users>`, 'feeds.xml_doctype', { line: 2 }],
    ['<!DOCTYPE users SYSTEM "file:///etc/passwd"><users/>', 'feeds.xml_doctype', {}],
    [`<users>${element('a', '<first_name>&b;</first_name>')}</users>`, 'feeds.xml_broken', { line: 1 }],
    [xml(element('a'), '<user><primary_id>b</primary_id>').replace('</users>', ''), 'feeds.file_cut', {}],
    [`<users>${element('a')}`, 'feeds.file_cut', {}],
    [xml(element('a'), '<user><primary_id>b</last_name></user>'), 'feeds.xml_broken', { line: 4 }],
    [`<users>${element('a', '<first_name>&#0;</first_name>')}</users>`, 'feeds.xml_broken', {}],
    [`<users>${element('a', '<first_name>&#xD800;</first_name>')}</users>`, 'feeds.xml_broken', {}],
    ['<html><body/></html>', 'feeds.xml_root', { found: 'html' }],
    ['<users><person/></users>', 'feeds.xml_root', { found: 'person' }],
    [`<users>${'<user>'.repeat(50)}`, 'feeds.too_deep', {}],
    [`<users>${element('a')}</users><users/>`, 'feeds.xml_broken', {}],
  ])('refuses %s', (text, code, params) => refused(text, code, params));
});

describe('size', () => {
  const MEBIBYTE = Buffer.alloc(1_048_576, 'a');
  /** A file of a gigabyte takes long to write on a slow disk; a hole reads as NUL bytes and takes no room. */
  async function huge(start: string): Promise<string> {
    const file = desk.path('huge');
    const handle = await open(file, 'w');
    await handle.write(start);
    for (let i = 0; i < 6; i += 1) await handle.write(MEBIBYTE);
    await handle.truncate(1_073_741_824);
    await handle.close();
    return file;
  }

  it.each([
    ['csv', 'id,name,text\na,"'],
    ['csv', 'id,name,text\na,'],
    ['alma-json', '[{"primary_id":"'],
    ['alma-xml', '<users><user><primary_id>'],
    ['alma-xml', '<users><!-- '],
    ['alma-xml', '<users><user x="'],
  ] as const)('a single %s record of a gigabyte (%s…) is refused in bounded memory', async (format, start) => {
    const file = await huge(start);
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    const before = process.memoryUsage().rss;
    await expect(desk.importFile(file, { format, ...(format === 'csv' ? { mapping: PEOPLE } : {}) })).rejects.toMatchObject({
      code: 'feeds.record_too_long',
      params: { limit: RECORD_LIMIT },
    });
    clearInterval(timer);
    expect(peak - before).toBeLessThan(200 * 1_048_576);
    await nobody();
  });
});

it('takes names of every script, and ids in any case', async () => {
  const names = [
    'Æsir Þór',
    'Ὀδυσσεύς',
    'Владимир',
    '王小明',
    '김철수',
    'たなか',
    'محمد',
    'דוד',
    'अनुराधा',
    'ਗੁਰਪ੍ਰੀਤ',
    'ქეთევან',
    'ሰላም',
    '👩‍👩‍👧',
    'e\u0301',
    'İstanbul',
    'ΣΊΣΥΦΟΣ',
  ];
  expect(
    await desk.import(
      names.map((name, i) => sampleUser(name, { last_name: name, user_identifier: [{ id_type: 'BARCODE', value: `n${i}` }] })),
    ),
  ).toMatchObject({ created: names.length, rejected: 0 });
  for (const [i, name] of names.entries()) expect(await desk.show(`N${i}`)).toMatchObject({ primary_id: name, last_name: name });
  expect(await desk.import([sampleUser('ὈΔΥΣΣΕΎς'), sampleUser('\u00e9'), sampleUser('ВЛАДИМИР')])).toMatchObject({
    created: 0,
    updated: 3,
  });
});
