import { describe, expect, test } from 'vitest';
import { smsSegments } from './index.ts';

describe('segments of a text message, 3GPP TS 23.038', () => {
  test.each([
    ['', 'GSM-7', 0, 0],
    ['a'.repeat(160), 'GSM-7', 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 3],
    ['Übergröße: £5 @ Ñandú§', 'UCS-2', 22, 1],
    ['Übergröße: £5 @ Ñ§', 'GSM-7', 18, 1],
    ['€'.repeat(80), 'GSM-7', 160, 1],
    ['€'.repeat(81), 'GSM-7', 162, 2],
    ['я'.repeat(70), 'UCS-2', 70, 1],
    ['я'.repeat(71), 'UCS-2', 71, 2],
    ['я'.repeat(134), 'UCS-2', 134, 2],
    ['я'.repeat(135), 'UCS-2', 135, 3],
  ])('%s', (text, encoding, length, segments) => {
    expect(smsSegments(text)).toMatchObject({ encoding, length, segments });
  });

  test('a character of two places is never parted', () => {
    // 152 and an extended one: the 153rd place would hold its escape alone.
    expect(smsSegments(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toMatchObject({ length: 306, segments: 3 });
    expect(smsSegments(`${'я'.repeat(66)}😀${'я'.repeat(66)}`)).toMatchObject({ length: 134, segments: 3 });
  });

  test('says because of which characters it is long', () => {
    expect(smsSegments('naïve “quotes” naïve').beyond).toEqual(['ï', '“', '”']);
  });

  test('the alphabet has 127 characters and an escape, the extension ten', () => {
    const gsm = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).filter(
      (char) => smsSegments(char).encoding === 'GSM-7',
    );
    expect(gsm.filter((char) => smsSegments(char).length === 1)).toHaveLength(127);
    expect(gsm.filter((char) => smsSegments(char).length === 2)).toHaveLength(10);
  });
});
