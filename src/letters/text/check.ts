/** Everything that is wrong with a letter, each with its place in the source, said in English and German. */
import { sampleData, type LetterData } from '../letter-data.ts';
import { checkFields, namedPaths } from './check-fields.ts';
import { checkMarkdown, type HeadingState } from './check-markdown.ts';
import { compileLetter, readPart } from './compile.ts';
import { colourProblems } from './contrast.ts';
import { MAX_SOURCE, sourceEngine } from './engine.ts';
import { coloursOf, frameFor } from './frame.ts';
import { htmlTemplate } from './html.ts';
import { problem, type CheckCode } from './problem.ts';
import { cleanSource, LetterError, type LiquidPiece, type Place, scan } from './scan.ts';
import { safeAddress } from './address.ts';
import { smsSegments } from './sms.ts';
import type { LetterPart, LetterProblem, LetterSource } from './types.ts';

export interface CheckOptions {
  /** The letter brings a password or a link. */
  readonly credentials: boolean;
  /** A frame or snippet is tried by itself: it may name a password or link, and need not. */
  readonly fragment?: boolean;
}

/** Longest subject that mail programs show. */
const SUBJECT_SHOWN = 60;

/** Errors keep a letter from being published; warnings do not. In the order subject, body, SMS, frame. */
export function checkLetter(source: LetterSource, options: CheckOptions): LetterProblem[] {
  const frame = source.frame ?? frameFor(source.language);
  const snippets = source.snippets ?? {};
  const headings: HeadingState = { level: 0 };
  const known = { options, snippets, headings };
  const problems = [
    ...checkLine('subject', source.subject, known),
    ...checkText('body', source.body, known),
    ...(source.sms === null || source.sms === undefined ? [] : checkLine('sms', source.sms, known)),
    ...checkText('frame.header', frame.header, { ...known, headings: { level: 0 } }),
    ...checkText('frame.footer', frame.footer, { ...known, headings: { level: 1 } }),
    ...checkLogo(frame.logo),
    ...colourProblems(coloursOf(frame)),
  ];
  // What cannot be read cannot be tried.
  if (problems.some((one) => one.severity === 'error')) return problems;
  return [...problems, ...tryLetter(source, options)];
}

/** Throws nothing; a letter without errors can be sent. */
export function hasErrors(problems: readonly LetterProblem[]): boolean {
  return problems.some((one) => one.severity === 'error');
}

interface Known {
  readonly options: CheckOptions;
  readonly snippets: Readonly<Record<string, string>>;
  readonly headings: HeadingState;
}

function start(part: LetterPart): Place {
  return { part, line: 1, column: 1 };
}

/** A part without Markdown. */
function checkLine(part: 'subject' | 'sms', source: string, known: Known): LetterProblem[] {
  const problems = checkSyntax(part, source);
  if (problems.length > 0) return problems;
  const { pieces } = scan(part, cleanSource(source), known.snippets);
  const found = checkFields(pieces, known.options.credentials);
  if (part === 'subject' && cleanSource(source).trim().includes('\n'))
    found.push(problem('warning', 'letters.check.subject_lines', start(part)));
  const secrets = part === 'subject' ? secretPieces(pieces) : [];
  return [
    ...found,
    ...secrets.map((piece) => problem('error', 'letters.check.secret_in_subject', piece.place)),
    ...checkSecret(part, pieces, known),
  ];
}

/** A part in Markdown. */
function checkText(part: 'body' | 'frame.header' | 'frame.footer', source: string, known: Known): LetterProblem[] {
  const problems = checkSyntax(part, source);
  if (problems.length > 0) return problems;
  try {
    const letter = readPart(part, source, known.snippets);
    // Tags that cross are found where they would be written.
    htmlTemplate(letter, { colours: coloursOf(frameFor('en')), quiet: false, direction: 'ltr' });
    const { pieces } = letter.scanned;
    return [
      ...checkFields(pieces, known.options.credentials || part !== 'body'),
      ...(part === 'body' ? checkSecret(part, pieces, known) : []),
      ...checkHtml(part, source),
      ...checkMarkdown(letter, known.headings),
    ];
  } catch (error) {
    if (error instanceof LetterError) {
      return [problem('error', error.code as CheckCode, error.place, { tag: error.detail, snippet: error.detail })];
    }
    // A snippet may be unreadable where the text itself is not.
    return [liquidProblem(part, error)];
  }
}

function checkSyntax(part: LetterPart, source: string): LetterProblem[] {
  if (source.length > MAX_SOURCE) return [problem('error', 'letters.check.too_long', start(part), { most: MAX_SOURCE })];
  if ((part === 'subject' || part === 'body') && source.trim() === '') return [problem('error', 'letters.check.empty', start(part))];
  try {
    sourceEngine().parse(cleanSource(source));
    return [];
  } catch (error) {
    return [liquidProblem(part, error)];
  }
}

const LIMIT = /limit exceeded|too long/;

/** Liquid appends the place to its message; here it stands apart. */
function liquidProblem(part: LetterPart, error: unknown): LetterProblem {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const found = /, line:(\d+), col:(\d+)$/.exec(message);
  const place: Place = { part, line: Number(found?.[1] ?? 1), column: Number(found?.[2] ?? 1) };
  const detail = found === null ? message : message.slice(0, found.index);
  if (LIMIT.test(detail)) return problem('error', 'letters.check.limit', place);
  const tag = /^(?:tag "([^"]+)" not found|tag \{%-?\s*(\S+).*not closed|.*tag .?\{%-?\s*(\w+).*not closed)/.exec(detail);
  if (tag?.[1] !== undefined) return problem('error', 'letters.check.tag_unknown', place, { tag: tag[1] });
  if (tag !== null) return problem('error', 'letters.check.tag_not_closed', place, { tag: tag[2] ?? tag[3] });
  const filter = /^undefined filter: (\S+)/.exec(detail)?.[1];
  if (filter !== undefined) return problem('error', 'letters.check.filter_unknown', place, { filter });
  if (/^(?:output|tag) .*not closed/.test(detail)) return problem('error', 'letters.check.output_not_closed', place);
  return problem('error', 'letters.check.liquid', place, { detail });
}

function secretPieces(pieces: readonly LiquidPiece[]): LiquidPiece[] {
  return pieces.filter((piece) => namedPaths([piece]).some((path) => path === 'password' || path === 'link'));
}

/** A letter with credentials tells them, also as SMS: where a link or a password stands, one of them is enough. */
function checkSecret(part: 'subject' | 'body' | 'sms', pieces: readonly LiquidPiece[], known: Known): LetterProblem[] {
  if (part === 'subject' || !known.options.credentials || known.options.fragment === true) return [];
  const told = secretPieces(pieces.filter((piece) => piece.kind === 'output'));
  return told.length > 0 ? [] : [problem('error', 'letters.check.secret_missing', start(part))];
}

const TAG = /<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>|<!--/i;

function checkHtml(part: LetterPart, source: string): LetterProblem[] {
  return cleanSource(source)
    .split('\n')
    .flatMap((text, at) => {
      const found = TAG.exec(text);
      return found === null ? [] : [problem('error', 'letters.check.html', { part, line: at + 1, column: found.index + 1 })];
    });
}

function checkLogo(logo: { readonly url: string; readonly alt: string } | null): LetterProblem[] {
  if (logo === null) return [];
  const place = start('frame.logo');
  return [
    ...(logo.alt.trim() === '' ? [problem('error', 'letters.check.image_alt', place)] : []),
    ...(/^https:/i.test(safeAddress(logo.url, true) ?? '') ? [] : [problem('error', 'letters.check.image_address', place)]),
  ];
}

/** Fills the letter in: with everything, with nothing that may be missing, and with each secret. */
function tryLetter(source: LetterSource, { credentials }: CheckOptions): LetterProblem[] {
  const full = sampleData(source.language, credentials);
  const variants: LetterData[] = [
    full,
    sparse(full),
    ...(credentials ? [{ ...full, password: null, link: 'https://library.example.org/link' }] : []),
  ];
  const problems = tryParts(source, full);
  if (problems.length > 0) return problems;
  try {
    const compiled = compileLetter(source);
    const [first] = variants.map((data) => compiled.render(data));
    if (first === undefined) return [];
    return [...subjectProblems(first.subject), ...smsProblems(first.sms)];
  } catch (error) {
    if (error instanceof LetterError) return [problem('error', error.code as CheckCode, error.place, { tag: error.detail })];
    return [renderProblem('body', error)];
  }
}

/** As Liquid alone, because only so an error has the place that it has in the source. */
function tryParts(source: LetterSource, data: LetterData): LetterProblem[] {
  const frame = source.frame ?? frameFor(source.language);
  const parts: readonly (readonly [LetterPart, string])[] = [
    ['subject', source.subject],
    ['body', source.body],
    ['sms', source.sms ?? ''],
    ['frame.header', frame.header],
    ['frame.footer', frame.footer],
  ];
  return parts.flatMap(([part, text]) => {
    try {
      const engine = sourceEngine();
      engine.renderSync(engine.parse(cleanSource(text)), { ...data, password: data.password ?? null, link: data.link ?? null });
      return [];
    } catch (error) {
      return [renderProblem(part, error)];
    }
  });
}

function renderProblem(part: LetterPart, error: unknown): LetterProblem {
  const found = liquidProblem(part, error);
  if (found.code !== 'letters.check.liquid') return found;
  const message = (error instanceof Error ? error.message : String(error)).replace(/, line:\d+, col:\d+$/, '');
  return problem('error', 'letters.check.render', found, { detail: message.split('\n')[0] });
}

/** The same data without everything that a record may lack. */
function sparse(data: LetterData): LetterData {
  const empty = <T extends object>(group: T): T =>
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => [
        name,
        Array.isArray(value) ? [] : typeof value === 'boolean' || ALWAYS.has(name) ? value : null,
      ]),
    ) as T; // the same names
  return {
    ...data,
    user: empty(data.user),
    contact: empty(data.contact),
    circulation: empty(data.circulation),
    library: empty(data.library),
    changes: [],
  };
}
const ALWAYS: ReadonlySet<string> = new Set(['name', 'primary_id', 'account_type']);

function subjectProblems(subject: string): LetterProblem[] {
  if (subject === '') return [problem('error', 'letters.check.empty', start('subject'))];
  const { length } = subject;
  return length > SUBJECT_SHOWN ? [problem('warning', 'letters.check.subject_long', start('subject'), { length })] : [];
}

function smsProblems(sms: string | null): LetterProblem[] {
  if (sms === null) return [];
  const { length, segments, beyond } = smsSegments(sms);
  return [
    ...(segments > 1 ? [problem('warning', 'letters.check.sms_long', start('sms'), { length, segments })] : []),
    ...(beyond.length > 0
      ? [problem('warning', 'letters.check.sms_unicode', start('sms'), { characters: beyond.slice(0, 5).join(' ') })]
      : []),
  ];
}
