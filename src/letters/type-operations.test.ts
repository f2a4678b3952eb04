import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { createLettersBench, type LettersBench, perform } from '../../test/support/letters.ts';
import {
  createNotificationType,
  deleteNotificationType,
  listNotificationTypes,
  reorderNotificationTypes,
  saveLetter,
  setDefaultNotificationType,
  showNotificationType,
  updateNotificationType,
} from './index.ts';

const database = useTestDatabase();
let bench: LettersBench;
beforeAll(async () => {
  bench = await createLettersBench(database.db);
});
afterAll(() => bench.close());

const BOOKS = { code: 'books_moved', label_en: 'Books moved', label_de: 'Bücher umgezogen' };
const optOut = async (code: string) => {
  const { rows } = await database.db.pool.query(
    `select label_en, label_de, enabled from codes where table_name = 'LibraryNotices' and code = $1`,
    [code],
  );
  return rows[0];
};

describe('notification types', () => {
  test('are added as many as a library likes, each with a code to opt out by', async () => {
    const made = await perform(bench.ctx, createNotificationType, { ...BOOKS, not_again_days: 30, once_per: 'expiry_date', keep_days: 90 });
    expect(made).toMatchObject({
      code: 'BOOKS_MOVED',
      active: true,
      essential: false,
      credentials: false,
      is_default: false,
      not_again_days: 30,
      once_per: 'expiry_date',
      keep_days: 90,
      position: 8,
      modified_by: 'administrator',
      letters: [],
    });
    expect(await optOut('BOOKS_MOVED')).toEqual({ label_en: 'Books moved', label_de: 'Bücher umgezogen', enabled: true });
    await expect(perform(bench.ctx, createNotificationType, BOOKS)).rejects.toMatchObject({ code: 'letters.type_exists' });
    for (let n = 0; n < 30; n++) await perform(bench.ctx, createNotificationType, { ...BOOKS, code: `MORE_${n}` });
    expect((await perform(bench.ctx, listNotificationTypes, {})).types).toHaveLength(38);
  });

  test('are changed field by field; the opt-out follows', async () => {
    const change = (fields: object) => perform(bench.ctx, updateNotificationType, { code: 'BOOKS_MOVED', ...fields });
    expect(await change({ label_de: 'Umzug', sender_name: 'Info', sender_email: 'info@example.org', not_again_days: null })).toMatchObject({
      label_en: 'Books moved',
      label_de: 'Umzug',
      sender_name: 'Info',
      sender_email: 'info@example.org',
      not_again_days: null,
      keep_days: 90,
    });
    expect(await optOut('BOOKS_MOVED')).toMatchObject({ label_de: 'Umzug', enabled: true });
    await change({ essential: true });
    expect(await optOut('BOOKS_MOVED')).toMatchObject({ enabled: false });
    await change({ essential: false });
    expect(await optOut('BOOKS_MOVED')).toMatchObject({ enabled: true });
    await change({ active: false });
    expect(await optOut('BOOKS_MOVED')).toMatchObject({ enabled: false });
    const before = await perform(bench.ctx, showNotificationType, { code: 'BOOKS_MOVED' });
    expect(await change({})).toMatchObject({ modified_at: before.modified_at });
  });

  test('what is wrong is said by field, and nothing is changed', async () => {
    const bad = {
      code: 'BOOKS_MOVED',
      label_en: '',
      sender_email: 'nobody',
      sender_name: 'a\nb',
      not_again_days: 0,
      once_per: 'birth_date',
    };
    await expect(perform(bench.ctx, updateNotificationType, bad)).rejects.toMatchObject({
      code: 'input.invalid',
      params: { problems: expect.stringMatching(/label_en.*not_again_days.*once_per.*sender_name: must be a single line.*sender_email/s) },
    });
    await expect(perform(bench.ctx, createNotificationType, { ...BOOKS, code: '1 x' })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(perform(bench.ctx, createNotificationType, { code: 'X' })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(perform(bench.ctx, updateNotificationType, { code: 'NOPE', active: true })).rejects.toMatchObject({
      code: 'letters.type_not_found',
    });
  });

  test('are put in order, and one of them is the default', async () => {
    const { codes } = await perform(bench.ctx, reorderNotificationTypes, { codes: ['books_moved', 'WELCOME'] });
    expect(codes.slice(0, 4)).toEqual(['BOOKS_MOVED', 'WELCOME', 'CREDENTIALS_CHANGED', 'ACCOUNT_TYPE_CHANGED']);
    expect((await perform(bench.ctx, listNotificationTypes, {})).types.map((type) => type.code)).toEqual(codes);
    const fallback = (code: string) => perform(bench.ctx, setDefaultNotificationType, { code });
    await expect(fallback('BOOKS_MOVED')).rejects.toMatchObject({ code: 'letters.type_inactive' });
    await expect(fallback('CREDENTIALS_CHANGED')).rejects.toMatchObject({ code: 'letters.type_built_in' });
    expect(await fallback('WELCOME')).toMatchObject({ is_default: true });
    const { types } = await perform(bench.ctx, listNotificationTypes, {});
    expect(types.filter((type) => type.is_default).map((type) => type.code)).toEqual(['WELCOME']);
    await expect(perform(bench.ctx, updateNotificationType, { code: 'WELCOME', active: false })).rejects.toMatchObject({
      code: 'letters.type_is_default',
    });
  });

  test('are deleted with their letters only when nothing was ever done with them', async () => {
    const remove = (code: string) => perform(bench.ctx, deleteNotificationType, { code });
    await perform(bench.ctx, saveLetter, { type: 'MORE_1', language: 'en', subject: 'x', body: 'y', based_on: 0, publish: true });
    expect(await perform(bench.ctx, showNotificationType, { code: 'MORE_1' })).toMatchObject({ uses: [], letters: [{ language: 'en' }] });
    expect(await remove('MORE_1')).toEqual({ deleted: 'MORE_1' });
    expect(await optOut('MORE_1')).toBeUndefined();
    const { rows } = await database.db.pool.query(`select from letter_versions where code = 'MORE_1'`);
    expect(rows).toEqual([]);

    const user = await bench.user({ primary_id: 'u', emails: [{ address: 'u@example.org' }] });
    await bench.run('MORE_2', [user]);
    await database.db.pool.query(`insert into user_letter_preferences (user_id, code, value) values ($1, 'MORE_3', false)`, [user]);
    await database.db.pool.query(
      `insert into templates (name, plan, owner) values ('t', '{"changes": [], "notify": {"type": "MORE_4"}}', 'x')`,
    );
    const uses = async (code: string) => (await perform(bench.ctx, showNotificationType, { code })).uses;
    expect([await uses('MORE_2'), await uses('MORE_3'), await uses('MORE_4')]).toEqual([['messages'], ['preferences'], ['templates']]);
    for (const code of ['MORE_2', 'MORE_3', 'MORE_4']) await expect(remove(code)).rejects.toMatchObject({ code: 'letters.type_in_use' });
    await expect(remove('WELCOME')).rejects.toMatchObject({ code: 'letters.type_is_default' });
    await expect(remove('PASSWORD_FORGOTTEN')).rejects.toMatchObject({ code: 'letters.type_built_in' });
    await expect(perform(bench.ctx, updateNotificationType, { code: 'PASSWORD_FORGOTTEN', essential: false })).rejects.toMatchObject({
      code: 'letters.type_built_in',
    });
  });
});

test('letters are changed by Letter Administrators and General System Administrators alone; who sends them sees them', async () => {
  const holders = async (privilege: string) => {
    const { rows } = await database.db.pool.query<{ role: string }>(
      'select role from access_roles where $1 = any(privileges) order by role::integer',
      [privilege],
    );
    return rows.map((row) => row.role);
  };
  expect(await holders('letters:write')).toEqual(['26', '57']);
  expect(await holders('letters:read')).toEqual(['21', '26', '50', '57']);
});
