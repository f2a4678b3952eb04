import { hostname } from 'node:os';
import type { NodemailerError, Transporter } from 'nodemailer';
import { type Channel, DeliveryError, type DeliveryFailure, type MailMessage } from './channel.ts';
import { mailOptions } from './compose.ts';
import { type Dkim, SIGNED_HEADERS } from './dkim.ts';
import { singleLine } from './letter-data.ts';
import { rawMail } from './raw-mail.ts';

export interface SmtpOptions {
  /** Waiting for the connection to stand; default 15 s. */
  readonly connectionTimeoutMs?: number;
  /** Waiting for the server's first line; default 15 s. */
  readonly greetingTimeoutMs?: number;
  /** Waiting for any answer; default 60 s. */
  readonly socketTimeoutMs?: number;
  /** Connections at once; default 8. */
  readonly maxConnections?: number;
  /**
   * Over `smtp://`: `required` refuses a server without STARTTLS, `opportunistic` (the default) uses it when it
   * is offered, `off` never does. Certificates are always checked.
   */
  readonly tls?: 'required' | 'opportunistic' | 'off';
  /** Certificates, as PEM, of an authority of one's own, instead of those that the system trusts. */
  readonly ca?: string;
  readonly dkim?: Dkim;
  /** Where reports about a message go (see `createReturnAddresses`); else to its sender. */
  readonly returnTo?: (message: MailMessage) => string | Promise<string>;
}

/** Mail through a server: `smtp://user:password@host:587` or `smtps://…`; connections are kept and shared. */
export function createSmtpChannel(url: string, options: SmtpOptions = {}): Channel {
  const { tls = 'opportunistic', ca, dkim, returnTo } = options;
  const settings = {
    url,
    pool: true,
    maxConnections: options.maxConnections ?? 8,
    maxMessages: 1_000,
    // Once: only for a kept connection that the server had closed before anything was said on it.
    // Every other second try is the ledger's, which counts them.
    maxRequeues: 1,
    idleTimeout: 15_000,
    connectionTimeout: options.connectionTimeoutMs ?? 15_000,
    greetingTimeout: options.greetingTimeoutMs ?? 15_000,
    socketTimeout: options.socketTimeoutMs ?? 60_000,
    ...(tls === 'required' ? { requireTLS: true } : {}),
    ...(tls === 'off' ? { ignoreTLS: true } : {}),
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(dkim === undefined
      ? {}
      : {
          dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey, headerFieldNames: SIGNED_HEADERS },
        }),
  };
  let opened: Promise<Transporter> | undefined;
  // Not before something is sent: every command knows the channel, and few send.
  const transport = (): Promise<Transporter> => {
    opened ??= import('nodemailer').then(({ default: nodemailer }) => nodemailer.createTransport(settings));
    return opened;
  };
  return {
    kind: 'smtp',
    defaultFrom: defaultFrom(url),
    deliver: async (message, signal) => {
      try {
        const options = mailOptions(message, await returnTo?.(message));
        const raw = rawMail(message);
        await (await transport()).sendMail(raw === null ? { ...options, signal } : { envelope: options.envelope, raw, signal });
      } catch (error) {
        throw asDeliveryError(error);
      }
      return { file: null };
    },
    describe: () => ({ ...serverOf(url), tls: url.startsWith('smtps:') ? 'implicit' : tls, own_authority: ca !== undefined }),
    verify: async (signal) => {
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new DeliveryError('unreachable', 'timeout')), { once: true });
      });
      try {
        await Promise.race([(await transport()).verify(), stopped]);
      } catch (error) {
        throw asDeliveryError(error);
      }
    },
    close: async () => (await opened)?.close(),
  };
}

/** What of the server's address is no secret. */
function serverOf(url: string): { host: string | null; port: number | null; account: string | null } {
  if (!URL.canParse(url)) return { host: null, port: null, account: null };
  const { hostname: host, port, username, protocol } = new URL(url);
  const account = username === '' ? null : decodeURIComponent(username);
  return { host, port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port), account };
}

/** The account of the mail server is an address we may send from; else one on this machine. */
function defaultFrom(url: string): string {
  const account = URL.canParse(url) ? decodeURIComponent(new URL(url).username) : '';
  return /^[^\s@]+@[^\s@]+$/.test(account) ? account : `library@${hostname().replace(/[^A-Za-z0-9.-]/g, '-') || 'localhost'}`;
}

/** Longest part of a server's answer that is kept. */
const MAX_DETAIL = 300;

function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (!(error instanceof Error)) return new DeliveryError('temporary', String(error));
  // Nodemailer puts its own properties, all optional, on every error it rejects with.
  const mailError = error as NodemailerError;
  const detail = singleLine(mailError.response ?? mailError.message).slice(0, MAX_DETAIL);
  return new DeliveryError(failureOf(mailError), detail, { cause: error });
}

const SESSION_CODES: ReadonlySet<string> = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EPROXY']);
const SESSION_COMMANDS = /^(?:EHLO|HELO|LHLO|STARTTLS|AUTH)/;
/** A certificate that is not trusted, or no common way to encrypt: Node's own codes, which nodemailer keeps beside its own. */
const TLS_CODES = /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO/;

/**
 * Answers before the message's own commands concern the server or our account there, also when they
 * are 5xx: a wrong password in SMTP_URL must not fail every letter for good.
 */
function failureOf(error: NodemailerError): DeliveryFailure {
  const session =
    SESSION_CODES.has(error.code ?? '') ||
    SESSION_COMMANDS.test(error.command ?? '') ||
    TLS_CODES.test(originalCode(error)) ||
    error.syscall === 'connect' ||
    error.syscall === 'getaddrinfo' ||
    error.timeoutType === 'CONNECT_TIMEOUT' ||
    error.timeoutType === 'GREETING_TIMEOUT' ||
    (error.code === 'EPROTOCOL' && error.command === 'CONN');
  if (session) return 'unreachable';
  if (error.permanent !== undefined) return error.permanent ? 'permanent' : 'temporary';
  // Without an answer of the server: our own addresses were impossible, or the line broke.
  return error.code === 'EENVELOPE' ? 'permanent' : 'temporary';
}

/** Set where the error came from the socket; nodemailer's types do not mention it. */
function originalCode(error: NodemailerError): string {
  return 'originalCode' in error ? String(error.originalCode) : '';
}
