import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/index.ts';
import { bounded } from './bounded.ts';
import { checkPassword } from './password-rules.ts';

const NAMES = ['m.beispiel', 'Maria', null, 'Beispiel', 'Li', 'B-100200', 'maria@example.org'];

function reason(password: string): string | null {
  try {
    checkPassword(password, NAMES);
    return null;
  } catch (error) {
    return error instanceof AppError && error.code === 'access.password_weak' ? String(error.params['reason' as never]) : String(error);
  }
}

describe('a password', () => {
  it.each([
    ['Regen im Mai', null],
    ['ünïcödé ok', null],
    ['live music', null],
    ['1234567', 'short'],
    ['       7', 'short'],
    ['', 'short'],
    ['👍👍👍👍👍👍👍', 'short'],
    [`${'long '.repeat(25)}abc`, null],
    [`${'long '.repeat(25)}abcd`, 'long'],
    ['a'.repeat(100_000), 'long'],
    ['MARIA hat Hunger', 'name'],
    ['beispiel99', 'name'],
    ['xx b-100200', 'name'],
    ['M.Beispiel', 'name'],
    ['ＭＡＲＩＡ hat Hunger', 'name'],
    ['password', 'common'],
    ['PassWord1', 'common'],
    ['Passwort123', 'common'],
    ['12345678', 'common'],
    ['bibliothek', 'common'],
    ['aaaaaaaaaaaa', 'common'],
    ['abababababab', 'common'],
  ])('%s', (password, expected) => {
    expect(reason(password)).toBe(expected);
  });
});

describe('hashing in turn', () => {
  it('runs so many at once, the others in order, and refuses when too many wait', async () => {
    const run = bounded({ atOnce: 2, waiting: 3 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const task = (n: number) =>
      run(async () => {
        running += 1;
        most = Math.max(most, running);
        order.push(n);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        if (n === 1) throw new Error('one');
        return n;
      });
    const ends = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map(task));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(
      ends.map((end) => (end.status === 'fulfilled' ? end.value : ((end.reason as { code?: string; message: string }).code ?? 'error'))),
    ).toEqual([0, 'error', 2, 3, 4, 'access.busy', 'access.busy']);
    expect(await task(7)).toBe(7);
  });
});
