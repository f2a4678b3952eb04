/** Where a feed's files come from, and where an export goes: as profiles keep it. Secrets stand beside it, never in it. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

const noControl = (text: string): boolean => !/[\x00-\x1f\x7f]/.test(text);
const plainText = (max: number) => z.string().trim().min(1).max(max).refine(noControl, { message: 'has control characters' });

/**
 * Below `exchange/` of the data directory: whoever may write settings over the network must not be able to make the server
 * read or write anywhere else. A place elsewhere is linked or mounted there by whoever runs the machine.
 */
const localPath = plainText(1_000)
  .refine((text) => !/^(?:[/\\]|[A-Za-z]:)/.test(text) && !text.split(/[/\\]/).includes('..'), {
    message: 'is a path below exchange/ of the data directory, without .. and not beginning with /',
  })
  .describe('Below `exchange/` of the data directory');

const pattern = plainText(200)
  .refine((text) => !/[/\\]/.test(text), { message: 'is the name of a file, without a path' })
  .default('*')
  .describe('Names of files: `*` stands for any text, `?` for one character');

/** As `ssh-keygen -lf` prints it: 32 bytes in base64 without the padding. */
const fingerprint = z
  .string()
  .trim()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'is a fingerprint like SHA256:… with 43 characters, as `ssh-keygen -lf` prints it');

const server = {
  host: plainText(255).refine((text) => !/[\s/@]/.test(text), { message: 'is the name or address of a computer alone' }),
  port: z.int().min(1).max(65_535).default(22),
  user: plainText(100),
  host_key: z
    .union([fingerprint, z.array(fingerprint).min(1).max(8)])
    .describe('Fingerprint of the server’s key, or of all its keys; a server that shows another is refused'),
};

const remotePath = plainText(1_000).default('.').describe('Directory on the server');

const directory = z.strictObject({ kind: z.literal('directory'), path: localPath });
const sftp = z.strictObject({ kind: z.literal('sftp'), ...server, path: remotePath });

export const feedSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('upload') }),
  directory.extend({ pattern }),
  sftp.extend({ pattern }),
  z.strictObject({
    kind: z.literal('https'),
    url: z
      .url({ protocol: /^https$/ })
      .max(2_000)
      .refine((text) => URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '', {
        message: 'has a user or password in it; a secret belongs into the secret',
      }),
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/)
      .optional()
      .describe('Name of the header that carries the secret; `Authorization` when left out'),
    ca: z
      .string()
      .max(100_000)
      .refine(isCertificate, { message: 'is not a certificate in PEM' })
      .optional()
      .describe('Certificate in PEM: only servers whose certificate it has signed are spoken to'),
  }),
]);
export type FeedSource = z.output<typeof feedSourceSchema>;
export type SftpSource = Extract<FeedSource, { kind: 'sftp' }>;
export type HttpsSource = Extract<FeedSource, { kind: 'https' }>;

export const exportTargetSchema = z.discriminatedUnion('kind', [directory, sftp]);
export type ExportTarget = z.output<typeof exportTargetSchema>;
export type SftpPlace = Extract<ExportTarget, { kind: 'sftp' }>;

/** For people and errors. What an address has after its `?` is left out: it may be a secret. */
export function placeName(place: FeedSource | ExportTarget): string {
  switch (place.kind) {
    case 'upload':
      return 'upload';
    case 'directory':
      return `exchange/${place.path}`;
    case 'sftp':
      return `sftp://${place.user}@${place.host}:${place.port}/${place.path.replace(/^\/+/, '')}`;
    case 'https': {
      const { origin, pathname } = new URL(place.url);
      return `${origin}${pathname}`;
    }
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
