/**
 * Letters, frames and snippets as files: a head between two lines of dashes, then the Markdown.
 *
 *     ---
 *     subject: Welcome
 *     sms: Welcome to the library!
 *     based_on: 3
 *     ---
 *
 *     Dear {{ user.name }}, …
 *
 * A frame has its header first, then a line `<!-- letter -->`, then its footer.
 */
import { AppError } from '../core/index.ts';

const BETWEEN = '<!-- letter -->';
const COLOURS = ['accent', 'link', 'text', 'paper', 'page', 'muted'] as const;

export interface LetterFile {
  readonly subject: string | undefined;
  readonly sms: string | null;
  readonly based_on: number | undefined;
  readonly body: string;
}

interface Frame {
  readonly header: string;
  readonly footer: string;
  readonly logo: { readonly url: string; readonly alt: string; readonly width?: number | undefined } | null;
  readonly colours: Partial<Record<(typeof COLOURS)[number], string | undefined>>;
}

export function letterFile(letter: {
  readonly number: number;
  readonly subject: string | null;
  readonly sms: string | null;
  readonly body: string;
}): string {
  return written({ subject: letter.subject, sms: letter.sms, based_on: letter.number }, letter.body);
}

export function readLetterFile(text: string): LetterFile {
  const { head, body } = read(text, ['subject', 'sms', 'based_on']);
  return { subject: head['subject'], sms: head['sms'] ?? null, based_on: numberOf(head, 'based_on'), body };
}

export function snippetFile(snippet: { readonly number: number; readonly body: string }): string {
  return written({ based_on: snippet.number }, snippet.body);
}

export function readSnippetFile(text: string): { readonly based_on: number | undefined; readonly body: string } {
  const { head, body } = read(text, ['based_on']);
  return { based_on: numberOf(head, 'based_on'), body: body.trim() };
}

export function frameFile({ number, frame }: { readonly number: number; readonly frame: Frame }): string {
  const { logo, colours, header, footer } = frame;
  const head = { logo: logo?.url ?? null, logo_alt: logo?.alt ?? null, logo_width: logo?.width ?? null, ...colours, based_on: number };
  return written(head, `${header.trim()}\n\n${BETWEEN}\n\n${footer.trim()}`);
}

export function readFrameFile(text: string) {
  const { head, body } = read(text, ['logo', 'logo_alt', 'logo_width', ...COLOURS, 'based_on']);
  const at = body.indexOf(BETWEEN);
  if (at < 0) throw new AppError('cli.letters.no_letter_line', { line: BETWEEN });
  const width = numberOf(head, 'logo_width');
  return {
    header: body.slice(0, at).trim(),
    footer: body.slice(at + BETWEEN.length).trim(),
    logo: head['logo'] === undefined ? null : { url: head['logo'], alt: head['logo_alt'] ?? '', ...(width !== undefined && { width }) },
    colours: Object.fromEntries(COLOURS.flatMap((name) => (head[name] === undefined ? [] : [[name, head[name]]]))),
    based_on: numberOf(head, 'based_on'),
  };
}

/** Values are written on one line each; those that are null are left out. */
function written(head: Readonly<Record<string, string | number | null | undefined>>, body: string): string {
  const lines = Object.entries(head).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name}: ${String(value).replace(/\s*\n\s*/g, ' ')}`],
  );
  return `---\n${lines.join('\n')}\n---\n\n${body.trimEnd()}\n`;
}

/** Throws `cli.letters.bad_file` for a line of the head that is none, or a name that is not among `known`. */
function read(text: string, known: readonly string[]): { readonly head: Readonly<Record<string, string>>; readonly body: string } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0]?.trim() !== '---') return { head: {}, body: lines.join('\n') };
  const end = lines.findIndex((line, at) => at > 0 && line.trim() === '---');
  if (end < 0) throw new AppError('cli.letters.bad_file', { line: 1, text: '---' });
  const head: Record<string, string> = {};
  for (const [at, line] of lines.slice(1, end).entries()) {
    if (line.trim() === '') continue;
    const [, name, value] = /^\s*([a-z_]+)\s*:(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || !known.includes(name)) {
      throw new AppError('cli.letters.bad_file', { line: at + 2, text: line.trim() });
    }
    if (value.trim() !== '') head[name] = value.trim();
  }
  const body = lines.slice(end + 1);
  while (body[0]?.trim() === '') body.shift();
  return { head, body: body.join('\n') };
}

function numberOf(head: Readonly<Record<string, string>>, name: string): number | undefined {
  const value = head[name];
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new AppError('cli.letters.bad_file', { line: 2, text: `${name}: ${value}` });
  return Number(value);
}
