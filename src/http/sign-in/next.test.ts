import { expect, it } from 'vitest';
import { safeNext } from './next.ts';

it('goes on to places of this server only', () => {
  expect(safeNext('/sets?kind=logical#top')).toBe('/sets?kind=logical#top');
  expect(safeNext('/a/../b')).toBe('/b');
  for (const elsewhere of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'javascript:alert(1)',
    ' /x',
    'x',
    '',
    undefined,
    null,
    ['/x'],
    `/${'x'.repeat(2000)}`,
  ]) {
    expect([elsewhere, safeNext(elsewhere)]).toEqual([elsewhere, null]);
  }
});

it('leaves nothing in it that could end a header', () => {
  expect(safeNext('/x\r\nset-cookie: a=b')).toBe('/xset-cookie:%20a=b');
  expect(safeNext('/x%0d%0aset-cookie: a=b')).toBe('/x%0d%0aset-cookie:%20a=b');
});
