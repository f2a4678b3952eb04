import { describe, expect, test } from 'vitest';
import { hashPassword, newPassword, verifyPassword } from './passwords.ts';

describe('hashPassword', () => {
  test('makes argon2id with the pinned cost, verifiable, and salted', async () => {
    const [one, two] = await Promise.all([hashPassword('Straße 7'), hashPassword('Straße 7')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, 'Straße 7')).toBe(true);
    expect(await verifyPassword(one, 'Strasse 7')).toBe(false);
  });

  test('does not care how the keyboard composed an accent', async () => {
    expect(await verifyPassword(await hashPassword('caf\u00e9 99'), 'cafe\u0301 99')).toBe(true);
  });
});

test('newPassword is ten unambiguous characters with a letter and a digit, each time another', () => {
  const made = Array.from({ length: 5_000 }, newPassword);
  for (const password of made) {
    expect(password).toMatch(/^(?=.*[A-Za-z])(?=.*[2-9])[A-HJ-NP-Za-hjkmnp-z2-9]{10}$/);
  }
  expect(new Set(made).size).toBe(made.length);
});
