/** From a letter's source to what is rendered for every user; all reading of Markdown and Liquid happens here, once. */
import type { Liquid } from 'liquidjs';
import { singleLine, type LetterData } from '../letter-data.ts';
import { blocksOf, streamTemplate, unbrace } from './stream.ts';
import type { Letter } from './emit.ts';
import { cleanSource } from './scan.ts';
import { enginesOf, escapeValue, sourceEngine } from './engine.ts';
import { escapeHtml } from '../../core/index.ts';
import { plainValue } from './escape.ts';
import { type Filled, filler } from './fill.ts';
import { coloursOf, directionOf, documentOf, frameFor } from './frame.ts';
import { htmlTemplate } from './html.ts';
import { parseMarkdown } from './markdown.ts';
import { needsOf } from './needs.ts';
import { placeTags } from './place-tags.ts';
import { plainText } from './plain-text.ts';
import { scan } from './scan.ts';
import type { CompiledLetter, LetterPart, LetterSource, RenderedLetter, RenderUse } from './types.ts';

/** Between the letter and its footer in plain text: mail programs take what follows for a signature (RFC 3676, 4.3). */
const SIGNATURE = '\n\n-- \n';
/** Keeps the parts of the stream apart. */
const PART = '\u0001';

/** Throws the parser's error, or `LetterError`, for a source that was never checked. */
export function compileLetter(source: LetterSource): CompiledLetter {
  const { language } = source;
  const engines = enginesOf(language);
  const frame = source.frame ?? frameFor(language);
  const snippets = source.snippets ?? {};
  const body = readPart('body', source.body, snippets);
  const header = readPart('frame.header', frame.header, snippets);
  const footer = readPart('frame.footer', frame.footer, snippets);
  const look = { colours: coloursOf(frame), direction: directionOf(language) };
  const aside = { ...look, quiet: true, direction: directionOf(frame.language ?? language) };

  const subject = lineTemplate(engines.plain, source.subject);
  const sms = source.sms === null || source.sms === undefined ? undefined : lineTemplate(engines.plain, source.sms);
  // Parsed when they are first needed: a print batch has no use for HTML.
  const page = once(() => {
    const { head, template } = documentOf(language, frame, {
      header: htmlTemplate(header, aside),
      content: htmlTemplate(body, { ...look, quiet: false }),
      footer: htmlTemplate(footer, aside),
    });
    return { head, fill: templateOf(engines.html, template) };
  });
  const framed = once(() => templateOf(engines.plain, [header, body, footer].map(streamTemplate).join(PART)));
  const bare = once(() => templateOf(engines.plain, streamTemplate(body)));

  return {
    language,
    needs: needsOf(source, frame),
    hasSms: sms !== undefined,
    render: (data: LetterData, use: RenderUse = {}): RenderedLetter => {
      const line = singleLine(unbrace(subject(data)));
      let text = '';
      let blocks: RenderedLetter['blocks'] = [];
      if (use.text !== false) {
        const [above, letter, below] = framed()(data).split(PART).map(blocksOf);
        blocks = letter ?? [];
        const top = plainText(above ?? []);
        const bottom = plainText(below ?? []);
        text = `${top === '' ? '' : `${top}\n\n`}${plainText(blocks)}${bottom === '' ? '' : `${SIGNATURE}${bottom}`}\n`;
      } else if (use.blocks === true) {
        blocks = blocksOf(bare()(data));
      }
      let html = '';
      if (use.html !== false) {
        const { head, fill } = page();
        html = head + escapeHtml(line) + fill(data);
      }
      return {
        subject: line,
        text,
        html,
        sms: sms === undefined || use.sms === false ? null : unbrace(sms(data)).trim(),
        blocks: use.blocks === true ? blocks : [],
      };
    },
  };
}

/** Markdown with Liquid as a tree. Throws what Liquid's parser throws, and `LetterError`. */
export function readPart(part: LetterPart, source: string, snippets: Readonly<Record<string, string>>): Letter {
  const clean = cleanSource(source);
  sourceEngine().parse(clean);
  const scanned = scan(part, clean, snippets);
  const root = parseMarkdown(scanned.lines.map((line) => line.text).join('\n'));
  return { root, scanned, placed: placeTags(root, scanned.tags) };
}

/** Plain Liquid without Markdown, as subjects and SMS are. Parsed by the source's engine first: that knows what is allowed. */
function lineTemplate(engine: Liquid, source: string): Filled {
  const clean = cleanSource(source);
  sourceEngine().parse(clean);
  return templateOf(engine, clean.replaceAll(/(\{%-?\s*for\b(?:[^%]|%(?!\}))*%\})/g, '$1{% _turn %}'));
}

function templateOf(engine: Liquid, template: string): Filled {
  const { outputEscape } = engine.options;
  return filler(engine, outputEscape === escapeValue ? escapeValue : plainValue, engine.parse(template), template);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
