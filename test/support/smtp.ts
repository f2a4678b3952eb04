import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type ParsedMail, parseMail } from './mail.ts';

export interface ReceivedMail extends ParsedMail {
  /** Of the envelope. */
  readonly from: string;
  readonly recipients: readonly string[];
  /** The mail as it was handed over. */
  readonly raw: Buffer;
  /** The line was encrypted. */
  readonly secure: boolean;
}

export interface MailServer {
  readonly url: string;
  readonly port: number;
  /** Everything the server has said yes to, in order. */
  readonly received: readonly ReceivedMail[];
  /** Times that a client began to hand over a message. */
  readonly begun: () => number;
  close(): Promise<void>;
}

export interface MailServerBehaviour {
  /** An answer other than yes, per attempt at a recipient (counted from 1); undefined accepts. */
  readonly refuse?: (attempt: number, recipient: string) => { readonly code: number; readonly text: string } | undefined;
  /** As `refuse`, but after the message has been transferred. */
  readonly refuseContent?: (attempt: number) => { readonly code: number; readonly text: string } | undefined;
  /** Cuts the line in the middle of the message. */
  readonly drop?: (attempt: number) => boolean;
  /** Never answers the end of the message. */
  readonly hang?: (attempt: number) => boolean;
  /** Waits so long before it says yes to a message. */
  readonly delayMs?: number;
  /** Account that must sign in; others are refused. */
  readonly account?: { readonly user: string; readonly password: string };
  readonly port?: number;
  /** Offers STARTTLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real SMTP server on loopback that can be made to misbehave. */
export async function startMailServer(behaviour: MailServerBehaviour = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let recipients = 0;
  let messages = 0;
  const server = new SMTPServer({
    authOptional: behaviour.account === undefined,
    allowInsecureAuth: true,
    hideSTARTTLS: behaviour.tls === undefined,
    ...behaviour.tls,
    logger: false,
    closeTimeout: 100,
    onAuth: (auth, _session, callback) => {
      const { account } = behaviour;
      if (account !== undefined && auth.username === account.user && auth.password === account.password)
        callback(null, { user: account.user });
      else callback(smtpError(535, '5.7.8 Authentication failed'));
    },
    onRcptTo: (address, _session, callback) => {
      recipients += 1;
      const answer = behaviour.refuse?.(recipients, address.address);
      callback(answer === undefined ? null : smtpError(answer.code, answer.text));
    },
    onData: (stream, session, callback) => {
      messages += 1;
      const attempt = messages;
      const chunks: Buffer[] = [];
      if (behaviour.drop?.(attempt) === true) {
        stream.once('data', () => socketOf(server, session.id)?.destroy());
        stream.on('error', () => undefined);
        stream.resume();
        return;
      }
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour.hang?.(attempt) === true) return;
        const answer = behaviour.refuseContent?.(attempt);
        if (answer !== undefined) return callback(smtpError(answer.code, answer.text));
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks);
        received.push({
          ...parseMail(raw),
          raw,
          secure: session.secure,
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map((recipient) => recipient.address),
        });
        setTimeout(() => callback(null), behaviour.delayMs ?? 0);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(behaviour.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    begun: () => messages,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A server that takes connections and never says a word. */
export async function startSilentServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function smtpError(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** The server keeps its connections in a set that its types do not mention. */
function socketOf(server: SMTPServer, sessionId: string): Socket | undefined {
  const { connections } = server as unknown as {
    readonly connections: Iterable<{ readonly id: string; readonly _socket: Socket }>;
  };
  return [...connections].find((connection) => connection.id === sessionId)?._socket;
}
