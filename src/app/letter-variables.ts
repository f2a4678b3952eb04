/** The variables about letters: the mail server, signatures, reports that come back, text messages. */
import path from 'node:path';
import { z } from 'zod';
import type { Dkim, SmsGateway } from '../letters/index.ts';
import { isDkimKey, smsTemplateProblem } from '../letters/index.ts';
import type { Variable } from './variable.ts';

export interface LetterConfig {
  readonly smtp: {
    readonly tls: 'required' | 'opportunistic' | 'off';
    /** PEM. */
    readonly ca: string | undefined;
    readonly connections: number;
  };
  readonly dkim: Dkim | undefined;
  readonly bounces: {
    /** Reports are sent to `name+token@domain` made of it. */
    readonly address: string | undefined;
    /** Absolute path of a directory or Maildir in which reports arrive. */
    readonly directory: string | undefined;
    /** What a mail server that posts reports proves itself with. */
    readonly secret: string | undefined;
  };
  readonly sms: { readonly gateway: SmsGateway } | { readonly mailAddress: string } | undefined;
  /** A test system: nothing goes out, whatever the library has set. */
  readonly hold: boolean;
  /** Is told when a human is needed. */
  readonly alertUrl: string | undefined;
}

const address = z.email().max(200);
const domain = z.string().regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i);
const template = z.string().refine((text) => smsTemplateProblem(text) === undefined);
/** The host stands fast: no user decides where a message goes. */
const gatewayUrl = template.refine((text) => {
  const origin = /^(https?:\/\/[^/?#{}\s]+)(?:[/?#][^\r\n]*)?$/.exec(text)?.[1];
  return origin !== undefined && URL.canParse(origin);
});
const headerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[\x20-\x7e]*$/;
const headers = z.string().refine((text) => headerLines(text).every((line) => headerLine.test(line)));
/** One `{{ number }}` before the `@`. */
const mailAddress = z.string().regex(/^[^\s@{}<>,;:"]*\{\{\s*number\s*\}\}[^\s@{}<>,;:"]*@(?:[a-z0-9-]+\.)+[a-z0-9-]+$/i);

/** Secrets of a single line end with it when they come from a file; keys and templates keep their lines. */
export const LETTER_VARIABLES = {
  SMTP_TLS: { schema: z.enum(['required', 'opportunistic', 'off']), example: 'required' },
  SMTP_CA: { schema: z.string().includes('-----BEGIN CERTIFICATE-----'), example: '/etc/muster/ca.pem (as SMTP_CA_FILE)', secret: true },
  SMTP_CONNECTIONS: { schema: z.coerce.number().int().min(1).max(100), example: '8' },
  MAIL_DKIM_DOMAIN: { schema: domain, example: 'example.org' },
  MAIL_DKIM_SELECTOR: { schema: z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i), example: 'muster' },
  MAIL_DKIM_KEY: { schema: z.string().refine(isDkimKey), example: '/etc/muster/dkim.pem (as MAIL_DKIM_KEY_FILE)', secret: true },
  MAIL_BOUNCE_ADDRESS: { schema: address.refine((text) => text.indexOf('@') <= 16), example: 'bounces@library.example.org' },
  MAIL_BOUNCE_DIR: { schema: z.string().min(1), example: '/var/mail/muster-bounces' },
  MAIL_BOUNCE_SECRET: {
    schema: z
      .string()
      .min(16)
      .max(200)
      .regex(/^[\x21-\x7e]+$/),
    example: '16 characters or more',
    secret: true,
  },
  SMS_GATEWAY_URL: { schema: gatewayUrl, example: 'https://sms.example.org/v1/messages', secret: true },
  SMS_GATEWAY_METHOD: { schema: z.enum(['POST', 'PUT', 'GET']), example: 'POST' },
  SMS_GATEWAY_HEADERS: { schema: headers, example: '"Authorization: Bearer secret"', secret: true },
  SMS_GATEWAY_BODY: { schema: template, example: `'{ "to": "{{ to }}", "text": "{{ text }}" }'`, secret: true },
  SMS_GATEWAY_ID: { schema: z.string().regex(/^[\w-]+(?:\.[\w-]+)*$/), example: 'messages.0.id' },
  SMS_MAIL_ADDRESS: { schema: mailAddress, example: `'{{ number }}@sms.example.org'` },
  MUSTER_HOLD_LETTERS: { schema: z.enum(['yes', 'no']), example: 'yes' },
  MUSTER_ALERT_URL: {
    schema: z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
    example: 'https://alerts.example.org/muster',
    secret: true,
  },
} as const satisfies Record<string, Variable>;

type Name = keyof typeof LETTER_VARIABLES;

/** What belongs together and is not there, as lines for the person who configures. `known`: set, or complained about already. */
export function missingLetterVariables(known: (name: Name) => boolean): readonly string[] {
  const dkim: readonly Name[] = ['MAIL_DKIM_DOMAIN', 'MAIL_DKIM_SELECTOR', 'MAIL_DKIM_KEY'];
  const wanted = new Set<Name>(dkim.some(known) ? dkim : []);
  for (const name of ['SMS_GATEWAY_METHOD', 'SMS_GATEWAY_HEADERS', 'SMS_GATEWAY_BODY', 'SMS_GATEWAY_ID'] as const) {
    if (known(name)) wanted.add('SMS_GATEWAY_URL');
  }
  const missing = [...wanted].filter((name) => !known(name)).map((name) => `${name} → ${name}=${LETTER_VARIABLES[name].example}`);
  const both = known('SMS_GATEWAY_URL') && known('SMS_MAIL_ADDRESS');
  return both ? [...missing, 'SMS_GATEWAY_URL, SMS_MAIL_ADDRESS → one of the two'] : missing;
}

export function letterConfig(text: (name: Name) => string | undefined): LetterConfig {
  const [domainName, selector, privateKey] = [text('MAIL_DKIM_DOMAIN'), text('MAIL_DKIM_SELECTOR'), text('MAIL_DKIM_KEY')];
  const directory = text('MAIL_BOUNCE_DIR');
  const gateway = text('SMS_GATEWAY_URL');
  const byMail = text('SMS_MAIL_ADDRESS');
  const tls = LETTER_VARIABLES.SMTP_TLS.schema.parse(text('SMTP_TLS') ?? 'opportunistic');
  const method = LETTER_VARIABLES.SMS_GATEWAY_METHOD.schema.parse(text('SMS_GATEWAY_METHOD') ?? 'POST');
  return {
    smtp: { tls, ca: text('SMTP_CA'), connections: Number(text('SMTP_CONNECTIONS') ?? 8) },
    dkim:
      domainName === undefined || selector === undefined || privateKey === undefined
        ? undefined
        : { domain: domainName.toLowerCase(), selector, privateKey },
    bounces: {
      address: text('MAIL_BOUNCE_ADDRESS'),
      directory: directory === undefined ? undefined : path.resolve(directory),
      secret: text('MAIL_BOUNCE_SECRET'),
    },
    sms:
      gateway !== undefined
        ? {
            gateway: {
              url: gateway,
              method,
              headers: headerLines(text('SMS_GATEWAY_HEADERS') ?? '').map(splitHeader),
              body: text('SMS_GATEWAY_BODY'),
              reference: text('SMS_GATEWAY_ID'),
            },
          }
        : byMail !== undefined
          ? { mailAddress: byMail }
          : undefined,
    hold: text('MUSTER_HOLD_LETTERS') === 'yes',
    alertUrl: text('MUSTER_ALERT_URL'),
  };
}

/** One header a line; blank lines mean nothing. */
function headerLines(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function splitHeader(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}
