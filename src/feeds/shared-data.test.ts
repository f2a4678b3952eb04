/** Third-party records, where they are at hand: they are no part of the project. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { essence, FeedDesk } from '../../test/support/feeds.ts';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data');
const present = existsSync(DATA);

describe.skipIf(!present)(`records of other institutions${present ? '' : ' (skipped: ../shared/data is not here)'}`, () => {
  const test = useTestDatabase();
  const desk = new FeedDesk(test);
  beforeEach(() => desk.empty());

  /** Every member that `given` has must be in `back`, with the same content. */
  function missing(given: unknown, back: unknown, at = ''): string[] {
    if (given === undefined) return [];
    if (Array.isArray(given)) {
      if (!Array.isArray(back) || back.length !== given.length) return [`${at}: ${JSON.stringify(given)} became ${JSON.stringify(back)}`];
      return given.flatMap((item, i) => missing(item, back[i], `${at}[${i}]`));
    }
    if (typeof given === 'object' && given !== null) {
      return Object.entries(given).flatMap(([name, member]) =>
        missing(member, typeof back === 'object' && back !== null ? (back as Record<string, unknown>)[name] : undefined, `${at}.${name}`),
      );
    }
    return given === back ? [] : [`${at}: ${JSON.stringify(given)} became ${JSON.stringify(back)}`];
  }

  it.each(['alma-user-1.json', 'alma-user-2.json', 'alma-user-3-staff.json'])('%s comes out as it went in', async (name) => {
    const file = path.join(DATA, name);
    expect(await desk.importFile(file)).toMatchObject({ created: 1, rejected: 0, errors: [], warnings: [] });
    const given = essence(JSON.parse(await readFile(file, 'utf8')));
    const json = JSON.parse(await desk.export('alma-json')) as { user: unknown[] };
    const different = missing(given, essence(json.user[0]));
    // The library has its own name for the level; a code is the same whatever it is called.
    expect(different.filter((line) => !line.startsWith('.cataloger_level.desc'))).toEqual([]);

    // Through the other notations and back: nothing changes.
    for (const format of ['alma-json', 'alma-xml', 'csv'] as const) {
      const text = await desk.export(format);
      expect(await desk.import(text), format).toMatchObject({
        created: 0,
        updated: 0,
        unchanged: 1,
        rejected: 0,
        errors: [],
        codes_added: 0,
      });
      await desk.empty();
      expect(await desk.import(text), format).toMatchObject({ created: 1, rejected: 0, errors: [], warnings: [] });
      const again = JSON.parse(await desk.export('alma-json')) as { user: unknown[] };
      const lost = missing(essence(json.user[0]), essence(again.user[0]));
      // A CSV has codes without their labels.
      expect(
        lost.filter((line) => format !== 'csv' || !/\.desc:/.test(line)),
        format,
      ).toEqual([]);
    }
  });

  it('takes 1,000 users of FOLIO, and changes nothing the second time', async () => {
    const file = path.join(DATA, 'folio-users-1000.csv');
    const dry = await desk.importFile(file, { mapping: 'folio', dryRun: true });
    const real = await desk.importFile(file, { mapping: 'folio' });
    expect(real).toMatchObject({ created: 1000, updated: 0, unchanged: 0, rejected: 0, errors: [], warnings: [], codes_added: 1 });
    expect(dry).toEqual({ ...real, run_id: null, dry_run: true });
    const before = await desk.everything();
    expect(await desk.importFile(file, { mapping: 'folio' })).toMatchObject({ created: 0, updated: 0, unchanged: 1000, codes_added: 0 });
    expect(await desk.everything()).toEqual(before);
    expect(essence(await desk.show('0000022457'))).toMatchObject({
      primary_id: 'username:22457',
      last_name: 'Sundberg',
      first_name: 'Mary',
      middle_name: 'A',
      birth_date: '1988-10-09Z',
      expiry_date: '2025-12-01Z',
      user_group: { value: 'UC Stu/Graduate, Quarter' },
      status: { value: 'ACTIVE' },
      account_type: { value: 'INTERNAL' },
      contact_info: {
        address: [
          {
            line1: '1389 Elk Rd Little',
            city: 'Tucson',
            state_province: 'AZ',
            postal_code: '85714',
            preferred: true,
            country: { value: 'USA', desc: 'United States' },
            address_type: [{ value: 'home', desc: 'Home' }],
          },
        ],
        email: [{ email_address: 'user0000022457@example.org', preferred: true }],
        phone: [{ phone_number: '520-272-2754' }],
      },
      user_identifier: [
        { id_type: { value: 'BARCODE' }, value: '0000022457' },
        { id_type: { value: 'FOLIO_ID' }, value: '862bc06f-52ae-4c57-9a64-0a33c9af52d4' },
        { id_type: { value: 'FOLIO_EXTERNAL_ID' }, value: 'externalsystemid:22457' },
      ],
    });
  });
});
