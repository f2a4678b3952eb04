/** A mail as Muster sends it: headers decoded, and its two parts. Only what the tests need of MIME. */
export interface ParsedMail {
  /** By lower-case name; encoded words decoded, folding undone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of the headers as often as they occur. */
  readonly headerNames: readonly string[];
  readonly text: string;
  /** Empty when the mail has its text alone. */
  readonly html: string;
}

export function parseMail(raw: Buffer): ParsedMail {
  const { names, headers, body } = splitEntity(raw.toString('latin1'));
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) {
    const text = decodeBody(body, headers['content-transfer-encoding'] ?? '7bit').replace(/\r\n/g, '\n');
    return { headers, headerNames: names, text, html: '' };
  }
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => splitEntity(part.replace(/^\r\n/, '')));
  const content = (type: string): string => {
    const part = parts.find((candidate) => candidate.headers['content-type']?.startsWith(type));
    if (part === undefined) throw new Error(`The mail has no part ${type}.`);
    return decodeBody(part.body, part.headers['content-transfer-encoding'] ?? '7bit').replace(/\r\n/g, '\n');
  };
  return { headers, headerNames: names, text: content('text/plain'), html: content('text/html') };
}

function splitEntity(entity: string): { names: string[]; headers: Record<string, string>; body: string } {
  const end = entity.indexOf('\r\n\r\n');
  const lines = entity
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const pairs = lines.map(
    (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), decodeWords(line.slice(line.indexOf(':') + 1).trim())] as const,
  );
  return { names: pairs.map(([name]) => name), headers: Object.fromEntries(pairs), body: entity.slice(end + 4) };
}

function decodeWords(text: string): string {
  return text
    .replace(/\?= =\?/g, '?==?')
    .replace(/(?:=\?utf-8\?[BQ]\?[^?]*\?=)+/gi, (words) =>
      Buffer.concat(
        [...words.matchAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi)].map(([, kind, data]) =>
          kind?.toUpperCase() === 'B' ? Buffer.from(data ?? '', 'base64') : quotedPrintable((data ?? '').replaceAll('_', ' ')),
        ),
      ).toString('utf8'),
    );
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return quotedPrintable(body.replace(/=\r\n/g, '')).toString('utf8');
  return Buffer.from(body, 'latin1').toString('utf8');
}

function quotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
