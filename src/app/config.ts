import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError, type Language } from '../core/index.ts';
import { LETTER_VARIABLES, letterConfig, type LetterConfig, missingLetterVariables } from './letter-variables.ts';
import type { Variable } from './variable.ts';

/** What can be set from outside. This file is the only reader of the environment. */
export interface Config {
  /** Absolute path of the installation's files: the embedded database, the mailbox, the log. */
  readonly dataDir: string;
  /** A PostgreSQL of one's own instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Without it, mails are kept in the data directory and nothing leaves the machine. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  /** How mails and text messages go out, and how reports about them come back. */
  readonly letters: LetterConfig;
  readonly language: Language;
  /** IANA name of the library's time zone; decides what day `today` is. */
  readonly timeZone: string;
  readonly workers: number;
  /** Address that the server listens on; this machine alone, until an operator says otherwise. */
  readonly host: string;
  /** Where people reach the server, without a slash at the end; undefined: where it listens. */
  readonly publicUrl: string | undefined;
  /** For the command line: the server that it asks, instead of an installation of its own, and the API key. */
  readonly server: string | undefined;
  readonly key: string | undefined;
  /** Addresses or networks of proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[];
}

/** What the command line says comes before what the environment says. */
export interface ConfigOverrides {
  readonly dataDir?: string | undefined;
  readonly language?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PROGRAM_ROOT = path.resolve(import.meta.dirname, '../..');
const MAX_WORKERS = 64;

const url = (protocols: readonly string[]) => z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));

const timeZone = z.string().refine((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
});

/** Nothing after the host, but perhaps a path: what is put behind it begins with a slash. */
const publicUrl = url(['http:', 'https:'])
  .refine((text) => new URL(text).search === '' && new URL(text).hash === '')
  .transform((text) => text.replace(/\/+$/, ''));

/** `library@example.org` or `The Library <library@example.org>`; nothing that could add a header line. */
const sender = z.string().refine((text) => {
  const address = /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text;
  return !/[\r\n]/.test(text) && z.email().safeParse(address.trim()).success;
});

/** By name; docs/operate/configure.md has the same for people, and a test compares the two. */
export const VARIABLES = {
  MUSTER_DATA: { schema: z.string(), example: '/srv/muster' },
  DATABASE_URL: { schema: url(['postgres:', 'postgresql:']), example: 'postgresql://muster:secret@db.example.org/muster', secret: true },
  SMTP_URL: { schema: url(['smtp:', 'smtps:']), example: 'smtps://muster:secret@mail.example.org', secret: true },
  MAIL_FROM: { schema: sender, example: '"The Library <library@example.org>"' },
  ...LETTER_VARIABLES,
  MUSTER_LANG: { schema: z.enum(['en', 'de']), example: 'de' },
  MUSTER_TIMEZONE: { schema: timeZone, example: 'Europe/Berlin' },
  MUSTER_HOST: { schema: z.string().regex(/^[0-9A-Za-z.:-]+$/), example: '0.0.0.0' },
  MUSTER_PUBLIC_URL: { schema: publicUrl, example: 'https://muster.example.org' },
  MUSTER_SERVER: { schema: publicUrl, example: 'https://muster.example.org' },
  MUSTER_KEY: { schema: z.string().regex(/^[\x21-\x7e]+$/), example: 'mk_…', secret: true },
  MUSTER_TRUSTED_PROXIES: { schema: z.string().regex(/^[0-9A-Fa-f.:/, ]+$/), example: '10.0.0.1,192.168.0.0/16' },
  MUSTER_WORKERS: { schema: z.coerce.number().int().min(1).max(MAX_WORKERS), example: '2' },
} as const satisfies Record<string, Variable>;

type Name = keyof typeof VARIABLES;

/** Reads the configuration; throws `config.invalid`, which names every faulty variable at once, with an example. */
export function readConfig(overrides: ConfigOverrides = {}, environment: Environment = process.env): Config {
  const problems: string[] = [];
  const values = new Map<Name, string | number>();
  for (const name of Object.keys(VARIABLES) as Name[]) {
    const value = readVariable(name, environment, problems);
    if (value !== undefined) values.set(name, value);
  }
  if (values.has('SMTP_URL') && !values.has('MAIL_FROM') && !problems.some((problem) => problem.startsWith('MAIL_FROM'))) {
    problems.push(`MAIL_FROM → MAIL_FROM=${VARIABLES.MAIL_FROM.example}`);
  }
  problems.push(...missingLetterVariables((name) => values.has(name) || problems.some((problem) => problem.startsWith(name))));
  if (problems.length > 0) throw new AppError('config.invalid', { problems: problems.map((problem) => `\n  ${problem}`).join('') });

  const text = (name: Name): string | undefined => values.get(name)?.toString();
  return {
    dataDir: path.resolve(overrides.dataDir ?? text('MUSTER_DATA') ?? path.join(PROGRAM_ROOT, 'data')),
    databaseUrl: text('DATABASE_URL'),
    smtpUrl: text('SMTP_URL'),
    mailFrom: text('MAIL_FROM') ?? 'Muster <muster@localhost.localdomain>',
    letters: letterConfig(text),
    language: languageOf(overrides.language ?? text('MUSTER_LANG') ?? localeOf(environment)),
    timeZone: text('MUSTER_TIMEZONE') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    host: text('MUSTER_HOST') ?? '127.0.0.1',
    publicUrl: text('MUSTER_PUBLIC_URL'),
    server: text('MUSTER_SERVER'),
    key: text('MUSTER_KEY'),
    trustedProxies: (text('MUSTER_TRUSTED_PROXIES') ?? '').split(/[, ]+/).filter((part) => part !== ''),
    workers: Number(text('MUSTER_WORKERS') ?? Math.min(MAX_WORKERS, os.availableParallelism())),
  };
}

function readVariable(name: Name, environment: Environment, problems: string[]): string | number | undefined {
  const variable: Variable = VARIABLES[name];
  const inFile = variable.secret === true ? environment[`${name}_FILE`] : undefined;
  // An empty variable is how many tools say "not set".
  let raw = environment[name] || undefined;
  if (inFile) {
    if (raw !== undefined) {
      problems.push(`${name}, ${name}_FILE → ${name}_FILE=/run/secrets/${name.toLowerCase()}`);
      return undefined;
    }
    try {
      raw = readFileSync(inFile, 'utf8').trim();
    } catch (error) {
      problems.push(`${name}_FILE=${inFile} (${(error as NodeJS.ErrnoException).code}) → ${name}_FILE=/run/secrets/${name.toLowerCase()}`);
      return undefined;
    }
  }
  if (raw === undefined) return undefined;
  const parsed = variable.schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  problems.push(`${name}${variable.secret === true ? '' : `=${raw}`} → ${name}=${variable.example}`);
  return undefined;
}

/** The editor that a person has chosen for their terminal; undefined: none. */
export function readEditor(environment: Environment = process.env): string | undefined {
  return environment['VISUAL'] || environment['EDITOR'] || undefined;
}

function localeOf(environment: Environment): string {
  return environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
}

/** `de`, `de_AT.UTF-8` … are German; everything else is English. */
function languageOf(name: string): Language {
  return /^de\b|^de_/i.test(name) ? 'de' : 'en';
}
