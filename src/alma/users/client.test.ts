/** A public client of Alma's API, used as libraries use it: nothing but its base URL is changed. */
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { useAlmaServer } from '../../../test/support/alma-server.ts';

const { server } = useAlmaServer();

/** Its callers' side, as far as it is used here. */
interface Client {
  setOptions(key: string, path: string): void;
  getp(path: string): Promise<Record<string, unknown>>;
  postp(path: string, body: unknown): Promise<Record<string, unknown>>;
  putp(path: string, body: unknown): Promise<Record<string, unknown>>;
  deletep(path: string): Promise<unknown>;
  getXmlp(path: string): Promise<string>;
  postXmlp(path: string, body: string): Promise<string>;
  putXmlp(path: string, body: string): Promise<string>;
}

let client: Client;

beforeAll(() => {
  client = createRequire(import.meta.url)('almarestapi-lib') as Client; // it has no types
  client.setOptions('key', `${server.url}/almaws/v1`);
});

const USER = {
  primary_id: 'lib-user',
  first_name: 'Lib',
  last_name: 'User',
  account_type: { value: 'INTERNAL' },
  user_group: { value: 'STAFF' },
  user_identifier: [{ id_type: { value: 'BARCODE' }, value: 'LIB-1', status: 'ACTIVE' }],
  user_note: [{ note_type: { value: 'LIBRARY' }, note_text: 'By a client', user_viewable: true }],
};

describe('almarestapi-lib', () => {
  it('does users in JSON', async () => {
    expect(await client.postp('/users', USER)).toMatchObject({ primary_id: 'lib-user', status: { value: 'ACTIVE' } });
    const user = await client.getp('/users/LIB-1');
    expect(user).toMatchObject(USER);
    expect(await client.putp('/users/lib-user', { ...user, last_name: 'Changed', user_note: [] })).toMatchObject({
      last_name: 'Changed',
      user_note: [],
    });
    const list = (await client.getp('/users?q=last_name~Changed')) as { total_record_count: number; user: { link: string }[] };
    expect(list.total_record_count).toBe(1);
    // It takes whole addresses as well, and follows the link it was given.
    expect(await client.getp(list.user[0]?.link ?? '')).toMatchObject({ last_name: 'Changed' });
    await client.deletep('/users/lib-user');
    await expect(client.getp('/users/lib-user')).rejects.toThrow('User with identifier lib-user was not found. (401861)');
    await expect(client.postp('/users', { last_name: 'x' })).rejects.toThrow('Mandatory field is missing: primary_id (401664)');
  });

  it('does users in XML', async () => {
    const made = await client.postXmlp(
      '/users',
      '<user><last_name>User</last_name><primary_id>xml-user</primary_id><user_notes><user_note><note_text>&lt;b&gt;</note_text><note_type>LIBRARY</note_type></user_note></user_notes><user_group desc="x">STAFF</user_group></user>',
    );
    expect(made).toContain('<user_group desc="University staff">STAFF</user_group>');
    expect(made).toContain('<note_text>&lt;b&gt;</note_text>');
    const xml = await client.getXmlp('/users/xml-user');
    expect(await client.putXmlp('/users/xml-user', xml.replace('<last_name>User<', '<last_name>Changed<'))).toContain(
      '<last_name>Changed</last_name>',
    );
    expect(await client.getXmlp('/users?q=last_name~Changed')).toContain('<users total_record_count="1">');
    await client.deletep('/users/xml-user');
    await expect(client.getXmlp('/users/xml-user')).rejects.toThrow('User with identifier xml-user was not found.');
  });
});
