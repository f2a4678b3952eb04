/** Whether the links of letters lead somewhere: asked of the network only when somebody wants to know. */
import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { z } from 'zod';
import { declareSetting } from '../core/index.ts';

/** Else whoever writes letters could try out which machines the library's network has. */
export const PRIVATE_LINKS = declareSetting({
  name: 'letters.check_private_links',
  label: {
    en: 'The check of links may also open addresses of private networks',
    de: 'Die Prüfung von Links darf auch Adressen privater Netze öffnen',
  },
  schema: z.boolean(),
  default: false,
  privilege: 'settings:write',
});

export interface LinkState {
  readonly address: string;
  readonly ok: boolean;
  /** The status, or why there is none. */
  readonly detail: string;
}

const PATIENCE_MS = 10_000;
const AT_ONCE = 6;
const MOST_REDIRECTS = 5;

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  // The last two carry addresses of IPv4 in them; `::ffff:…` is held against the list of IPv4 by Node.
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
  ['2002::', 16],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Addresses of the web that a text names in full; those with fields in them are not known before a letter is filled in. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/(?:[^\s<>()[\]"'|\\^`]|\([^\s<>()]*\))+/gi)]
    .map(([found]) => found.replace(/[.,;:!?*]+$/, ''))
    .filter((found) => !found.includes('{') && URL.canParse(found));
}

/** Each address once, a few at a time. */
export async function checkLinks(addresses: readonly string[], allowPrivate: boolean): Promise<LinkState[]> {
  const waiting = [...new Set(addresses)];
  const queue = waiting.values();
  const states = new Map<string, LinkState>();
  const work = async (): Promise<void> => {
    for (const address of queue) states.set(address, await checkLink(address, allowPrivate));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
  return waiting.flatMap((address) => states.get(address) ?? []);
}

async function checkLink(address: string, allowPrivate: boolean): Promise<LinkState> {
  try {
    const head = await follow(address, 'HEAD', allowPrivate);
    // Many servers answer this question with anything but the truth.
    const status = head < 400 ? head : await follow(address, 'GET', allowPrivate);
    return { address, ok: status < 400, detail: String(status) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    return { address, ok: false, detail: code ?? (error instanceof Error ? error.message : String(error)) };
  }
}

async function follow(address: string, method: 'HEAD' | 'GET', allowPrivate: boolean): Promise<number> {
  let at = new URL(address);
  for (let step = 0; step <= MOST_REDIRECTS; step++) {
    const { status, location } = await ask(at, method, allowPrivate);
    if (status < 300 || status >= 400 || location === undefined) return status;
    at = new URL(location, at);
  }
  throw new Error('too many redirects');
}

function ask(url: URL, method: string, allowPrivate: boolean): Promise<{ readonly status: number; readonly location: string | undefined }> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`not an address of the web: ${url.protocol}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A name is looked at when it is resolved for the very connection; an address is never resolved.
  if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) throw new Error('private address');
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const call = request(
      url,
      {
        method,
        headers: { 'user-agent': 'Muster link check', accept: '*/*' },
        signal: AbortSignal.timeout(PATIENCE_MS),
        agent: false,
        ...(allowPrivate ? {} : { lookup: publicOnly }),
      },
      (response) => {
        response.destroy();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      },
    );
    call.on('error', reject);
    call.end();
  });
}

const publicOnly: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, []);
    const bad = found.some(({ address }) => isPrivateAddress(address));
    if (bad) return done(Object.assign(new Error('private address'), { code: 'private address' }), []);
    const [one] = found;
    if (options.all === true) return done(null, found);
    return done(null, one?.address ?? '', one?.family);
  });
};
