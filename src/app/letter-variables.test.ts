import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const read = (environment: Record<string, string>) => readConfig({}, environment).letters;

describe('the variables about letters', () => {
  it('may all be missing', () => {
    expect(read({})).toMatchObject({
      smtp: { tls: 'opportunistic', ca: undefined, connections: 8 },
      dkim: undefined,
      bounces: { address: undefined, directory: undefined, secret: undefined },
      sms: undefined,
    });
  });

  it('name a key in a file, whose lines stay', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-letters-'));
    const file = path.join(directory, 'dkim.pem');
    writeFileSync(file, privateKey);
    const { dkim } = read({ MAIL_DKIM_DOMAIN: 'Example.org', MAIL_DKIM_SELECTOR: 'muster', MAIL_DKIM_KEY_FILE: file });
    expect(dkim).toEqual({ domain: 'example.org', selector: 'muster', privateKey: privateKey.trim() });
    rmSync(directory, { recursive: true });
  });

  it('say what is missing beside what is there', () => {
    expect(() => read({ MAIL_DKIM_DOMAIN: 'example.org' })).toThrow(/MAIL_DKIM_SELECTOR → [\s\S]*MAIL_DKIM_KEY → /);
    expect(() => read({ SMS_GATEWAY_BODY: '{}' })).toThrow('SMS_GATEWAY_URL → ');
    const both = { SMS_GATEWAY_URL: 'https://sms.example.org/', SMS_MAIL_ADDRESS: '{{ number }}@sms.example.org' };
    expect(() => read(both)).toThrow('SMS_GATEWAY_URL, SMS_MAIL_ADDRESS');
  });

  it('describe the request to a gateway', () => {
    expect(
      read({
        SMS_GATEWAY_URL: 'https://sms.example.org/send?to={{ to }}',
        SMS_GATEWAY_HEADERS: 'Authorization: Bearer a:b\r\n\r\nX-Account: library\n',
        SMS_GATEWAY_ID: 'messages.0.id',
      }).sms,
    ).toEqual({
      gateway: {
        url: 'https://sms.example.org/send?to={{ to }}',
        method: 'POST',
        headers: [
          ['Authorization', 'Bearer a:b'],
          ['X-Account', 'library'],
        ],
        body: undefined,
        reference: 'messages.0.id',
      },
    });
    expect(read({ SMS_MAIL_ADDRESS: 'sms-{{ number }}@sms.example.org' }).sms).toEqual({ mailAddress: 'sms-{{ number }}@sms.example.org' });
  });

  it.each([
    ['SMTP_TLS', 'always'],
    ['SMTP_CONNECTIONS', '0'],
    ['SMTP_CA', 'no certificate'],
    ['MAIL_DKIM_KEY', 'no key: hidden'],
    ['MAIL_BOUNCE_ADDRESS', 'bounces'],
    ['MAIL_BOUNCE_ADDRESS', 'a-name-that-is-too-long@example.org'],
    ['MAIL_BOUNCE_SECRET', 'hidden'],
    ['SMS_GATEWAY_URL', 'ftp://sms.example.org'],
    // Whom a message goes to must not decide where the request goes.
    ['SMS_GATEWAY_URL', 'https://{{ to }}.example.org/'],
    ['SMS_GATEWAY_URL', 'https://sms.example.org/{{ password }}'],
    ['SMS_GATEWAY_BODY', '{{ user.name }}'],
    ['SMS_GATEWAY_BODY', '{{ to'],
    ['SMS_GATEWAY_HEADERS', 'no colon hidden'],
    ['SMS_GATEWAY_ID', 'a..b'],
    ['SMS_MAIL_ADDRESS', 'sms@example.org'],
    ['SMS_MAIL_ADDRESS', '{{ number }}@sms.example.org, other@example.org'],
  ])('refuse %s=%s, and repeat no secret', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(`${name}`);
    expect(() => read({ [name]: value })).not.toThrow('hidden');
  });
});
