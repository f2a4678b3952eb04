/** Links that mislead: to nowhere, with words that say nothing, showing one place and leading to another. */
import { domainToUnicode } from 'node:url';
import { safeAddress } from './address.ts';
import type { CheckCode } from './problem.ts';

/** Words that say nothing when links are read out one after the other. */
const EMPTY_WORDS: ReadonlySet<string> = new Set([
  'here',
  'click here',
  'click',
  'link',
  'this link',
  'more',
  'read more',
  'this page',
  'hier',
  'hier klicken',
  'klicken sie hier',
  'klick hier',
  'diesen link',
  'dieser link',
  'mehr',
  'weiter',
  'weiterlesen',
  'diese seite',
]);

interface LinkFinding {
  readonly severity: 'error' | 'warning';
  readonly code: CheckCode;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** `address`: undefined where a field decides about it. `words`: undefined where fields are among them. */
export function linkFindings(words: string | undefined, address: string | undefined): LinkFinding[] {
  const findings: LinkFinding[] = [];
  const said = words?.trim();
  if (said === '') findings.push({ severity: 'error', code: 'letters.check.link_no_words' });
  else if (said !== undefined && EMPTY_WORDS.has(said.toLowerCase().replace(/[.!:…»“”"]+$/, ''))) {
    findings.push({ severity: 'warning', code: 'letters.check.link_words', params: { words: said } });
  }
  if (address === undefined) return findings;
  return [...findings, ...addressFindings(address, said ?? '')];
}

function addressFindings(address: string, said: string): LinkFinding[] {
  if (address.trim() === '' || address.trim() === '#') return [{ severity: 'error', code: 'letters.check.link_empty' }];
  const safe = safeAddress(address);
  if (safe === undefined) return [{ severity: 'error', code: 'letters.check.link_scheme', params: { address } }];
  const findings: LinkFinding[] = [];
  const host = hostOf(safe);
  if (/^http:\/\//i.test(safe)) findings.push({ severity: 'warning', code: 'letters.check.link_not_secure' });
  if (host !== undefined && looksForged(host)) findings.push({ severity: 'error', code: 'letters.check.link_scripts', params: { host } });
  const shown = shownHost(said);
  if (shown !== undefined && host !== undefined && bare(shown) !== bare(host)) {
    findings.push({ severity: 'error', code: 'letters.check.link_mismatch', params: { shown, host } });
  }
  return findings;
}

/** The host of a web address, or what is behind the @ of a mail address. */
function hostOf(address: string): string | undefined {
  if (/^mailto:/i.test(address)) return address.slice(address.lastIndexOf('@') + 1).split('?')[0];
  return URL.canParse(address) && /^https?:/i.test(address)
    ? domainToUnicode(new URL(address).hostname) || new URL(address).hostname
    : undefined;
}

/** The host that a text shows, when it looks like an address. */
function shownHost(text: string): string | undefined {
  const found = /^(?:https?:\/\/|mailto:)?(?:[^\s@/]+@)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?#:]\S*)?$/iu.exec(text);
  return found?.[1];
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}

/** Letters of other alphabets that are taken for Latin ones. */
const LOOKALIKES = /^[авеѕіјкмнорсԛтухһԁԝьαονρτυχ0-9-]+$/u;

/** A part of a domain that mixes Latin with an alphabet that has the same shapes, or is made of such shapes alone. */
export function looksForged(host: string): boolean {
  return host.split('.').some((label) => {
    const latin = /\p{Script=Latin}/u.test(label);
    const alike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(label);
    return alike && (latin || LOOKALIKES.test(label.toLowerCase()));
  });
}
