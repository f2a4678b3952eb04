/** Third-party records, where they are at hand: they are no part of the project. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useAlmaServer } from '../../../test/support/alma-server.ts';
import { essence } from '../../../test/support/feeds.ts';

const DATA = path.resolve(import.meta.dirname, '../../../../shared/data');
const present = existsSync(DATA);

/** Only for reading; a row that the record does not place gets the segment of the account. */
const READ_ONLY = new Set([
  'link',
  'full_name',
  'status_date',
  'last_patron_activity_date',
  'loans',
  'requests',
  'fees',
  'password',
  'pin_number',
  'created_by',
  'created_date',
  'linking_id',
  'source_link_id',
  'source_institution_code',
  'segment_type',
  'desc',
]);

function content(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(content);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (READ_ONLY.has(name) ? [] : [[name, content(member)]])));
}

describe.skipIf(!present)(`records of other institutions${present ? '' : ' (skipped: ../shared/data is not here)'}`, () => {
  const { ask } = useAlmaServer();

  it.each(['alma-user-1.json', 'alma-user-2.json', 'alma-user-3-staff.json'])(
    '%s is sent, read back, and swapped by itself',
    async (name) => {
      const given = JSON.parse(await readFile(path.join(DATA, name), 'utf8')) as { primary_id: string };
      const id = encodeURIComponent(given.primary_id);
      expect((await ask('POST', '/users', { body: { primary_id: given.primary_id, last_name: 'Before' } })).status).toBe(200);
      const put = await ask('PUT', `/users/${id}`, { body: given });
      expect(put.status, put.text).toBe(200);
      const read = await ask('GET', `/users/${id}`);
      expect(read.json).toEqual(put.json);
      expect(essence(content(read.json))).toEqual(withoutDefaults(essence(content(given)), essence(content(read.json))));
      const again = await ask('PUT', `/users/${id}`, { body: read.json });
      expect(again.json).toEqual(read.json);
      const xml = await ask('GET', `/users/${id}?format=xml`);
      const byXml = await ask('PUT', `/users/${id}?format=xml`, { type: 'application/xml', body: xml.text });
      expect(byXml.text).toBe(xml.text);
      expect((await ask('GET', `/users/${id}`)).json).toEqual(read.json);
    },
  );

  /** What `given` does not say may be there by default: rows' status, flags that are off. */
  function withoutDefaults(given: unknown, read: unknown): unknown {
    if (Array.isArray(given) && Array.isArray(read))
      return read.map((item, i) => (i < given.length ? withoutDefaults(given[i], item) : undefined)).slice(0, given.length);
    if (typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return given;
    const added = Object.entries(read).filter(
      ([name, value]) =>
        !(name in given) &&
        (value === false ||
          (typeof value === 'object' && value !== null && 'value' in value && ['ACTIVE', 'PUBLIC'].includes(String(value.value))) ||
          value === 'ACTIVE'),
    );
    return {
      ...Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, withoutDefaults(value, (read as Record<string, unknown>)[name])]),
      ),
      ...Object.fromEntries(added),
    };
  }
});
