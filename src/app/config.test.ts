import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({}, {});
    expect(path.isAbsolute(config.dataDir)).toBe(true);
    expect(config).toMatchObject({ databaseUrl: undefined, smtpUrl: undefined, language: 'en' });
    expect(config.workers).toBeGreaterThan(0);
  });

  it('takes the command line before the environment, and the environment before the locale', () => {
    expect(readConfig({ dataDir: '/a', language: 'de' }, { MUSTER_DATA: '/b', MUSTER_LANG: 'en' })).toMatchObject({
      dataDir: '/a',
      language: 'de',
    });
    expect(readConfig({}, { MUSTER_DATA: '/b', MUSTER_LANG: 'en', LANG: 'de_DE.UTF-8' })).toMatchObject({ dataDir: '/b', language: 'en' });
    expect(readConfig({}, { LANG: 'de_DE.UTF-8' }).language).toBe('de');
    expect(readConfig({}, { LANG: 'den_CA.UTF-8' }).language).toBe('en');
  });

  it('names every problem at once, and no secret', () => {
    const read = () =>
      readConfig(
        {},
        { DATABASE_URL: 'mysql://u:hidden@h/x', MUSTER_WORKERS: 'many', MUSTER_TIMEZONE: 'Mars/Base', SMTP_URL: 'smtp://localhost' },
      );
    expect(read).toThrow(/DATABASE_URL → [\s\S]*MAIL_FROM|MAIL_FROM[\s\S]*DATABASE_URL/);
    expect(read).toThrow('MUSTER_WORKERS=many → MUSTER_WORKERS=2');
    expect(read).toThrow('MUSTER_TIMEZONE=Mars/Base');
    expect(read).not.toThrow('hidden');
  });

  it('refuses a sender that would add a header', () => {
    expect(readConfig({}, { MAIL_FROM: 'Library <l@example.org>' }).mailFrom).toBe('Library <l@example.org>');
    expect(() => readConfig({}, { MAIL_FROM: 'l@example.org\r\nBcc: x@example.org' })).toThrow('MAIL_FROM');
  });

  it('reads secrets from files', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-config-'));
    const file = path.join(directory, 'url');
    writeFileSync(file, 'postgresql://u:p@h/x\n');
    expect(readConfig({}, { DATABASE_URL_FILE: file }).databaseUrl).toBe('postgresql://u:p@h/x');
    expect(() => readConfig({}, { DATABASE_URL_FILE: `${file}.none` })).toThrow('ENOENT');
    expect(() => readConfig({}, { DATABASE_URL_FILE: file, DATABASE_URL: 'postgresql://u:p@h/x' })).toThrow('DATABASE_URL_FILE');
    rmSync(directory, { recursive: true });
  });
});
