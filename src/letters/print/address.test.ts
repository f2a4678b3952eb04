import { describe, expect, test } from 'vitest';
import { addressLines, type PostalAddress } from './address.ts';
import { codesOf, countryLine, shortCountry } from './countries.ts';

const options = { home: 'DE', language: 'de' };
const address = (more: Partial<PostalAddress>): PostalAddress => ({
  lines: ['Weg 1'],
  city: 'Bonn',
  state: null,
  postcode: '53111',
  country: 'DEU',
  ...more,
});

describe('an address', () => {
  test.each<[string, Partial<PostalAddress>, readonly string[]]>([
    ['at home has no country', {}, ['Weg 1', '53111 Bonn']],
    ['without a country is at home', { country: null }, ['Weg 1', '53111 Bonn']],
    [
      'abroad names the country in the library’s language',
      { country: 'FRA', city: 'Paris', postcode: '75001' },
      ['Weg 1', '75001 Paris', 'FRANKREICH'],
    ],
    ['may have a code of two letters', { country: 'at', city: 'Wien', postcode: '1010' }, ['Weg 1', '1010 Wien', 'ÖSTERREICH']],
    [
      'in Great Britain has the code below',
      { country: 'GBR', city: 'Oxford', postcode: 'OX1 5ZR' },
      ['Weg 1', 'Oxford', 'OX1 5ZR', 'VEREINIGTES KÖNIGREICH'],
    ],
    [
      'in the United States has state and code behind',
      { country: 'USA', city: 'Ann Arbor', state: 'MI', postcode: '48101' },
      ['Weg 1', 'Ann Arbor, MI 48101', 'VEREINIGTE STAATEN'],
    ],
    [
      'of several lines leaves out empty ones and the name',
      { lines: ['maria beispiel', ' ', null, 'c/o Amt', 'Weg\n1'] },
      ['c/o Amt', 'Weg 1', '53111 Bonn'],
    ],
    ['without a code in a country that has none', { country: 'IRL', city: 'Dublin', postcode: null }, ['Weg 1', 'Dublin', 'IRLAND']],
  ])('%s', (_, more, expected) => {
    expect(addressLines('Maria Beispiel', address(more), options)).toEqual(['Maria Beispiel', ...expected]);
  });

  test.each<[string, Partial<PostalAddress>, object]>([
    ['a street line', { lines: [null, ' '] }, { code: 'letters.print_no_place' }],
    ['a place', { city: ' ' }, { code: 'letters.print_no_place' }],
    ['a postal code that can be one', { postcode: '5311' }, { code: 'letters.print_bad_postcode', detail: '5311' }],
    ['a postal code', { postcode: null }, { code: 'letters.print_bad_postcode', detail: '–' }],
    ['a country', { country: 'Atlantis' }, { code: 'letters.print_bad_country', detail: 'Atlantis' }],
  ])('needs %s', (_, more, expected) => {
    expect(addressLines('Maria Beispiel', address(more), options)).toEqual(expected);
  });

  test('has to be there', () => {
    expect(addressLines('Maria Beispiel', undefined, options)).toEqual({ code: 'letters.print_no_address' });
  });
});

test('countries have both codes and a name in every language', () => {
  expect([shortCountry('DEU'), shortCountry('de'), shortCountry('XXX'), shortCountry('ZZ')]).toEqual(['DE', 'DE', undefined, undefined]);
  expect(codesOf('CH')).toEqual(['CH', 'CHE']);
  expect([countryLine('CHE', 'fr'), countryLine('TUR', 'en'), countryLine('XKX', 'de')]).toEqual(['SUISSE', 'TÜRKIYE', 'XKX']);
});
