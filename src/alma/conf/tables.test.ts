import { beforeAll, describe, expect, it } from 'vitest';
import { userActor } from '../../../test/support/actors.ts';
import { errorOf, useAlma } from '../../../test/support/alma-conf.ts';
import { useTestDatabase } from '../../../test/support/database.ts';
import { ADMINISTRATOR } from '../../access/index.ts';
import type { Actor } from '../../core/index.ts';

const test = useTestDatabase();
const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
const alma = useAlma(test, () => actors);

beforeAll(async () => {
  actors['desk'] = await userActor(test.db.pool, ['32'], { name: 'desk' });
  actors['patron'] = await userActor(test.db.pool, ['200'], { name: 'patron' });
});

interface Row {
  readonly code: string;
  readonly description: string;
  readonly default: boolean;
  readonly enabled: boolean;
}

const rows = async (table: string) =>
  (await alma.call('GET', `/conf/code-tables/${table}`, undefined, { key: 'desk' })).json['row'] as Row[];

describe('code tables', () => {
  it.each([
    ['UserGroups', 'FACULTY', 'Academic staff'],
    ['JobTitles', 'Circulation', 'Circulation'],
    ['UserIdentifierTypes', 'BARCODE', 'Barcode'],
    ['HFrUserRoles.roleType', '21', 'User Manager'],
    ['UserRoles', '21', 'User Manager'],
    ['UserBlockDescription', '02-GLOBAL', 'Block (02)(GLOBAL)'],
    ['NoteTypes', 'POPUP', 'General'],
    ['UserUserType', 'EXTERNAL', 'External'],
    ['ContentStructureStatus', 'INACTIVE', 'Inactive'],
    ['AddNewUserOptions', 'STAFF', 'Staff'],
    ['UserNotificationTypes', 'EXPIRES_SOON', 'Account expires soon'],
  ])('%s has its rows', async (table, code, description) => {
    const found = (await alma.call('GET', `/conf/code-tables/${table}`)).json;
    expect(found).toMatchObject({ name: table, link: `${alma.url}/conf/code-tables/${table}`, patron_facing: false });
    expect(found['row']).toContainEqual({
      code,
      description,
      default: expect.any(Boolean),
      enabled: true,
      updated_by: null,
      update_date: null,
    });
  });

  it('keep retired codes as not enabled, and have German words when asked', async () => {
    await test.db.pool.query("update codes set enabled = false where table_name = 'UserGroups' and code = 'PUPIL'");
    expect((await rows('UserGroups')).find((row) => row.code === 'PUPIL')).toMatchObject({ enabled: false });
    expect((await rows('UserGroups?lang=de')).find((row) => row.code === 'FACULTY')).toMatchObject({
      description: 'Wissenschaftliches Personal',
    });
  });

  it('are listed under Alma’s names', async () => {
    const { json } = await alma.call('GET', '/conf/code-tables');
    const names = (json['code_table'] as { name: string }[]).map((table) => table.name);
    expect(names).toContain('HFrUserRoles.roleType');
    expect(names).not.toContain('UserRoles');
    expect(json['total_record_count']).toBe(names.length);
    const page = await alma.call('GET', '/conf/code-tables?limit=2&offset=1');
    expect((page.json['code_table'] as { name: string }[]).map((table) => table.name)).toEqual(names.slice(1, 3));
  });

  it('come in XML, with rows in their wrapper', async () => {
    const { text, type } = await alma.xml('GET', '/conf/code-tables/NoteTypes');
    expect(type).toBe('application/xml;charset=UTF-8');
    expect(text).toContain('<name>NoteTypes</name>');
    expect(text).toMatch(/<rows>\s*<row>\s*<code>POPUP<\/code>\s*<description>General<\/description>\s*<default>true<\/default>/);
  });

  it('that are not there are told by number', async () => {
    for (const name of ['Shoes', 'constructor', 'a'.repeat(280)]) {
      expect(errorOf(await alma.call('GET', `/conf/code-tables/${name}`))).toMatchObject({ status: 400, code: '90101' });
    }
    expect((await alma.call('GET', '/conf/code-tables/NoteTypes', undefined, { key: 'patron' })).text).toContain('UNAUTHORIZED');
  });
});

describe('letters', () => {
  it('are the notification types', async () => {
    const { json } = await alma.call('GET', '/conf/letters?type=LETTER');
    const welcome = {
      link: `${alma.url}/conf/letters/WELCOME`,
      code: 'WELCOME',
      name: 'Welcome',
      enabled: { value: 'true', desc: 'Yes' },
      channel: { value: 'EMAIL', desc: 'Email' },
    };
    expect(json['letter']).toContainEqual(expect.objectContaining(welcome));
    expect((await alma.call('GET', '/conf/letters/WELCOME')).json).toMatchObject({
      ...welcome,
      updated_by: 'muster',
      update_date: expect.stringMatching(/Z$/),
    });
    expect((await alma.call('GET', '/conf/letters?type=COMPONENT')).json).toEqual({ letter: [], total_record_count: 0 });
    expect((await alma.xml('GET', '/conf/letters')).text).toContain('<enabled desc="Yes">true</enabled>');
    expect(errorOf(await alma.call('GET', '/conf/letters/NoSuchLetter'))).toMatchObject({ code: '60105' });
  });

  it('take their name, state and retention back, in XML', async () => {
    const xml = (inner: string) => `<letter>${inner}</letter>`;
    const put = (body: unknown) => alma.call('PUT', '/conf/letters/EXPIRED', body);
    const { json } = await put(
      xml('<code>EXPIRED</code><name>Gone</name><enabled desc="No">false</enabled><retention_period>30</retention_period><xsl>x</xsl>'),
    );
    expect(json).toMatchObject({
      code: 'EXPIRED',
      name: 'Gone',
      description: 'Says that the account has ended and how to renew it.',
      enabled: { value: 'false' },
      retention_period: 30,
      customized: { value: 'true' },
    });
    expect((await alma.call('GET', '/conf/letters/EXPIRED')).json).toEqual(json);
    expect((await put(xml('<enabled>true</enabled><retention_period/>'))).json).toMatchObject({
      name: 'Gone',
      enabled: { value: 'true' },
      retention_period: null,
    });
    expect(errorOf(await put({ code: 'EXPIRED' }))).toMatchObject({ status: 400, code: '60105' });
    expect(errorOf(await put(xml('<code>WELCOME</code>')))).toMatchObject({ code: '60105' });
    expect(errorOf(await put(xml('<retention_period>soon</retention_period>')))).toMatchObject({ code: '60105' });
    expect((await alma.call('PUT', '/conf/letters/EXPIRED', xml('<name>x</name>'), { key: 'patron' })).text).toContain('UNAUTHORIZED');
  });
});

describe('the institution', () => {
  it('tells its code, zone and address', async () => {
    expect((await alma.call('GET', '/conf/general')).json).toEqual({
      institution: { value: '01MUSTER_INST', desc: '01MUSTER_INST' },
      customer: { value: '01MUSTER_INST', desc: '01MUSTER_INST' },
      alma_url: alma.url.replace('/almaws/v1', ''),
      environment_type: { value: 'PRODUCTION', desc: 'Production' },
      time_zone: 'Europe/Berlin',
    });
    expect((await alma.xml('GET', '/conf/general')).text).toContain('<institution desc="01MUSTER_INST">01MUSTER_INST</institution>');
  });

  it('has libraries, without desks and departments', async () => {
    const { json } = await alma.call('GET', '/conf/libraries');
    const law = {
      link: `${alma.url}/conf/libraries/LAW`,
      id: 'LAW',
      code: 'LAW',
      name: 'Law Library',
      number_of_circ_desks: { value: 0, link: `${alma.url}/conf/libraries/LAW/circ-desks` },
    };
    expect(json['total_record_count']).toBe(5);
    expect(json['library']).toContainEqual(expect.objectContaining(law));
    expect((await alma.call('GET', '/conf/libraries/LAW')).json).toMatchObject(law);
    expect((await alma.call('GET', '/conf/libraries/LAW/circ-desks')).json).toEqual({ circ_desk: [], total_record_count: 0 });
    expect((await alma.call('GET', '/conf/departments')).json).toEqual({ department: [], total_record_count: 0 });
    expect((await alma.xml('GET', '/conf/libraries')).text).toContain('<libraries total_record_count="5">');
    for (const path of ['NONE', 'NONE/circ-desks'])
      expect(errorOf(await alma.call('GET', `/conf/libraries/${path}`))).toMatchObject({ code: '402469' });
  });

  it('is reached by the address that the client used', async () => {
    const answer = await fetch(`${alma.url}/conf/libraries/LAW?apikey=admin&format=json`, {
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'library.example.org' },
    });
    expect(((await answer.json()) as { link: string }).link).toBe('https://library.example.org/almaws/v1/conf/libraries/LAW');
    expect(answer.headers.get('x-exl-api-remaining')).toMatch(/^\d+$/);
  });
});
