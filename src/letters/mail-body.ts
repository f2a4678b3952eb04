/** The bodies of a mail in a form that every mail server passes on: ASCII, in short lines that end with CRLF. */

export interface EncodedBody {
  readonly encoding: '7bit' | 'quoted-printable' | 'base64';
  readonly body: string;
}

/** Longest line of quoted-printable and base64 (RFC 2045), and what a line may be without either. */
const LINE = 76;

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;
const HEX = Buffer.from('0123456789ABCDEF');

export function encodeBody(text: string): EncodedBody {
  const lines = text.replace(/\r\n|\r|\n/g, '\r\n');
  if (isShortAscii(lines)) return { encoding: '7bit', body: lines };
  const bytes = Buffer.from(lines, 'utf8');
  // What is hardly ASCII would be tripled by quoted-printable, and be no more readable for it.
  let foreign = 0;
  for (const byte of bytes) if (byte > 126) foreign += 1;
  if (foreign * 3 > bytes.length) return { encoding: 'base64', body: bytes.toString('base64').replace(/.{76}(?!$)/g, '$&\r\n') };
  return { encoding: 'quoted-printable', body: quotedPrintable(bytes) };
}

function isShortAscii(text: string): boolean {
  if (/[^\t\r\n\x20-\x7e]/.test(text)) return false;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    if ((end === -1 ? text.length : end) - at > LINE) return false;
    // Spaces at the end of a line get lost on the way.
    if (end > at && /[ \t]/.test(text.charAt(end - 1))) return false;
    if (end === -1) return true;
    at = end + 2;
  }
  return true;
}

let out = Buffer.alloc(64 * 1024);

function quotedPrintable(bytes: Buffer): string {
  // Three bytes for one, and a soft break of three after every 72 at least.
  const most = bytes.length * 3 + Math.ceil((bytes.length * 3) / 72) * 3 + 16;
  if (out.length < most) out = Buffer.alloc(most * 2);
  const target = out;
  let at = 0;
  let column = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === CR && bytes[i + 1] === LF) {
      target[at++] = CR;
      target[at++] = LF;
      column = 0;
      i += 1;
      continue;
    }
    const ends = i + 1 === bytes.length || (bytes[i + 1] === CR && bytes[i + 2] === LF);
    const asIs = byte === SPACE || byte === TAB ? !ends : byte > SPACE && byte < 127 && byte !== EQUALS;
    const width = asIs ? 1 : 3;
    // The last place of a line is kept for the soft break.
    if (column + width > LINE - 1) {
      target[at++] = EQUALS;
      target[at++] = CR;
      target[at++] = LF;
      column = 0;
    }
    if (asIs) target[at++] = byte;
    else {
      target[at++] = EQUALS;
      target[at++] = HEX[byte >> 4] ?? 0;
      target[at++] = HEX[byte & 15] ?? 0;
    }
    column += width;
  }
  return target.toString('latin1', 0, at);
}
