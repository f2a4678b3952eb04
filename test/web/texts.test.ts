import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { literalsIn, placeholdersOf, textsOf } from './support/texts.ts';

const WEB = path.resolve(import.meta.dirname, '../../web/src');
const namespaces = readdirSync(path.join(WEB, 'locales/en')).map((file) => file.replace('.json', ''));

describe('the texts of the page', () => {
  it('are in files of the same names', () => {
    expect(readdirSync(path.join(WEB, 'locales/de')).toSorted()).toEqual(readdirSync(path.join(WEB, 'locales/en')).toSorted());
  });

  it.each(namespaces)('%s: German has what English has', (namespace) => {
    const [english, german] = ['en', 'de'].map((language) => textsOf(path.join(WEB, 'locales', language, `${namespace}.json`)));
    expect([...(german ?? []).keys()].toSorted()).toEqual([...(english ?? []).keys()].toSorted());
    for (const [key, text] of english ?? []) {
      expect([key, german?.get(key)?.trim()]).not.toEqual([key, '']);
      expect([key, placeholdersOf(german?.get(key) ?? '')]).toEqual([key, placeholdersOf(text)]);
    }
  });

  it('are known to the compiler, every file of them', () => {
    const declared = readFileSync(path.join(WEB, 'lib/i18next.d.ts'), 'utf8');
    expect(namespaces.filter((name) => !declared.includes(`../locales/en/${name}.json`))).toEqual([]);
  });

  it('address people politely, and do not shout', () => {
    const wrong = namespaces.flatMap((namespace) =>
      [...textsOf(path.join(WEB, 'locales/de', `${namespace}.json`))].filter(
        ([, text]) => /\b(?:du|dein\w*|dir|dich)\b/i.test(text) || text.includes('!'),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('stand nowhere else', () => {
    const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap((file) => literalsIn(file, readFileSync(path.join(WEB, file), 'utf8')))).toEqual([]);
  });

  it('would be found if they did', () => {
    expect(literalsIn('a.tsx', '<p>Hello there</p>')).toHaveLength(1);
    expect(literalsIn('a.tsx', '<input placeholder="Your name" />')).toHaveLength(1);
    expect(literalsIn('a.tsx', "<Page title={'Users'} />")).toHaveLength(1);
    expect(literalsIn('a.tsx', '<p>{t("x")} · {a > b && <b>{n}</b>}</p>')).toEqual([]);
  });
});
