import { expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';

test.each([
  ['de', 'en', 'de'],
  ['de-AT', 'en', 'de'],
  ['de_CH', 'en', 'de'],
  ['deu', 'en', 'de'],
  ['fr', 'de', 'de'],
  ['fr', 'it', 'en'],
  [null, 'de', 'de'],
  ['not a language!', 'de', 'de'],
  ['EN-us', 'de', 'en'],
])('of German and English, %s (library: %s) reads %s', (wished, library, expected) => {
  expect(chooseLanguage(['de', 'en'], wished, library)).toBe(expected);
});
