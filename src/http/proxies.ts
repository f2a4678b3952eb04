import { BlockList, isIPv6 } from 'node:net';

/** Says whether an address is one of the proxies whose `X-Forwarded-*` headers are believed. */
export function trustedProxies(list: readonly string[]): (address: string | undefined) => boolean {
  const known = new BlockList();
  for (const entry of list) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) known.addAddress(address, family);
    else known.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    if (address === undefined || list.length === 0) return false;
    const plain = plainAddress(address);
    return known.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}

/** `::ffff:192.0.2.1`, which is how a socket for both families says it, is 192.0.2.1. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || /^127\./.test(plain);
}
