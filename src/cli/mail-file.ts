import { readFile } from 'node:fs/promises';

/** The text part of a mail that Muster itself wrote into its mailbox; null when there is none. */
export async function readMailText(file: string): Promise<string | null> {
  const mail = (await readFile(file)).toString('latin1');
  const boundary = /^content-type:\s*multipart\/[^;]+;\s*boundary="?([^"\r\n;]+)/im.exec(mail)?.[1];
  const parts = boundary === undefined ? [mail] : mail.split(`--${boundary}`);
  for (const part of parts) {
    const end = part.indexOf('\r\n\r\n');
    const headers = part.slice(0, end);
    if (!/^content-type:\s*text\/plain/im.test(headers)) continue;
    const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(headers)?.[1]?.toLowerCase();
    return decode(part.slice(end + 4), encoding)
      .replaceAll('\r\n', '\n')
      .trimEnd();
  }
  return null;
}

function decode(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString('utf8');
  const bytes = body.replaceAll('=\r\n', '').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
