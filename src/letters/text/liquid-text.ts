/** Pieces of Liquid as the compiler writes them into its templates. */
import type { Address } from './emit.ts';
import type { LiquidPiece } from './scan.ts';

/** Every turn of a loop is counted. */
export function tagText(piece: LiquidPiece): string {
  if (piece.name === 'comment' || piece.name === '#' || piece.name === 'snippet') return '';
  return piece.name === 'for' ? `${piece.raw}{% _turn %}` : piece.raw;
}

/** `content | filter` */
function filtered(piece: LiquidPiece, filter: string): string {
  return `{{${piece.content.trimEnd()} | ${filter} }}`;
}

/** Whether an address is known before it is filled in: it has no field, or begins with a scheme of its own. */
export function staticAddress(address: Address): string | undefined {
  return address.every((part) => typeof part === 'string') ? address.join('') : undefined;
}

const SCHEME = /^(?:https?:\/\/|mailto:|tel:)/i;

/**
 * An address with fields as Liquid whose value has passed `filter` (`_href`, `_src` or `_address`). A field at
 * the beginning may be a whole address; further ones are only parts of one, in which nothing can end it.
 */
export function addressText(address: Address, filter: string): string {
  const [first, ...rest] = address;
  if (first === undefined) return '';
  if (typeof first !== 'string' && rest.length === 0) return filtered(first, filter);
  const start = typeof first === 'string' ? first : '';
  const part = start.toLowerCase().startsWith('mailto:') ? '_mail' : '_part';
  const names: string[] = [];
  let before = '';
  const steps = rest.map((step) => {
    if (typeof step === 'string') return `append: ${quoted(step)}`;
    const name = `_a${names.length}`;
    names.push(name);
    before += `{% assign ${name} = ${step.content.trim()} | ${part} %}`;
    return `append: ${name}`;
  });
  const value = typeof first === 'string' ? quoted(SCHEME.test(first) ? first : '') : first.content.trim();
  return `${before}{{ ${[value, ...steps, filter].join(' | ')} }}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '%5C').replaceAll('"', '%22').replaceAll('{', '%7B').replaceAll('}', '%7D')}"`;
}
