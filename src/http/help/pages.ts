/** The guide of docs/ as pages to read: which there are, and one of them as HTML. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';
import type { Language } from '../../core/index.ts';

const DOCS = path.resolve(import.meta.dirname, '../../../docs');

export const PICTURES = path.join(DOCS, 'screenshots');

/** The page that the help begins with. */
export const FIRST = 'guide/README';

/** What is for readers of the web page; how Muster is built is for others. */
const SHOWN = /^(?:guide|operate|accessibility)/;

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

export interface HelpPage {
  readonly title: string;
  /** Of what stands on it: not every page exists in every language. */
  readonly language: Language;
  /** Safe: made of our own files, with HTML in them escaped. */
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** Names of all pages, as they stand in addresses: `guide/jobs`, `guide/de/jobs`. */
export function pageNames(docs: string = DOCS): ReadonlySet<string> {
  const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return new Set(files.filter((file) => SHOWN.test(file) && file.endsWith('.md')).map((file) => file.slice(0, -'.md'.length)));
}

/** The page itself or, where there is one, the same in German; undefined: no such page. */
export function nameIn(language: Language, name: string, names: ReadonlySet<string>): string | undefined {
  const german = name.startsWith('guide/') ? name.replace(/^guide\/(?!de\/)/, 'guide/de/') : `${name}.de`;
  if (language === 'de' && names.has(german)) return german;
  return names.has(name) ? name : undefined;
}

export interface Addresses {
  /** Of a page, with `#` and the heading behind it where one is meant. */
  page(name: string, anchor: string): string;
  picture(file: string): string;
}

/** Reads `name`, which has to be one of `names`; links go to other pages, and those to anything else are left out. */
export function readPage(name: string, names: ReadonlySet<string>, addresses: Addresses): HelpPage {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  // What is wider than the page scrolls within itself, by the keyboard as well.
  markdown.renderer.rules['table_open'] = () => '<div class="table" tabindex="0"><table>';
  markdown.renderer.rules['table_close'] = () => '</table></div>';
  for (const rule of ['fence', 'code_block']) {
    const code = markdown.renderer.rules[rule];
    if (code !== undefined) markdown.renderer.rules[rule] = (...all) => code(...all).replace('<pre', '<pre tabindex="0"');
  }
  const tokens = markdown.parse(readFileSync(path.join(DOCS, `${name}.md`), 'utf8'), {});
  const headings: Heading[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const text = plain(tokens[index + 1]);
      const anchor = anchorOf(text);
      token.attrSet('id', anchor);
      headings.push({ level: Number(token.tag.slice(1)), text, anchor });
    }
    if (token.children !== null) token.children = token.children.filter((child) => aim(child, token, name, names, addresses));
  }
  const german = name.startsWith('guide/de/') || name.endsWith('.de');
  return {
    title: headings[0]?.text ?? name,
    language: german ? 'de' : 'en',
    html: withoutEmptyHeaders(markdown.renderer.render(tokens, markdown.options, {})),
    headings: headings.filter(({ level }) => level === 2),
  };
}

/** As the files on GitHub have it: test/documentation.test.ts holds that each link to a heading is right. */
function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replace(/ /g, '-');
}

function plain(inline: Token | undefined): string {
  return (inline?.children ?? []).map(({ type, content }) => (type === 'text' || type === 'code_inline' ? content : '')).join('');
}

/** Markdown has no table without a row of headings; an empty one is read out as a fault. */
function withoutEmptyHeaders(html: string): string {
  return html.replace(/<thead>\s*<tr>\s*(?:<th><\/th>\s*)+<\/tr>\s*<\/thead>/g, '').replaceAll('<th></th>', '<td></td>');
}

/** Gives links and pictures their address; false for those that lead out of what is shown. */
function aim(child: Token, parent: Token, name: string, names: ReadonlySet<string>, addresses: Addresses): boolean {
  if (child.type === 'image') {
    const file = path.posix.basename(String(child.attrGet('src')));
    // An installation may come without pictures.
    if (!existsSync(path.join(PICTURES, file))) return false;
    child.attrSet('src', addresses.picture(file));
    child.attrSet('loading', 'lazy');
    return true;
  }
  if (child.type === 'link_close') return child.meta?.dropped !== true;
  if (child.type !== 'link_open') return true;
  const href = String(child.attrGet('href'));
  if (/^https?:/.test(href)) {
    child.attrSet('rel', 'noreferrer');
    return true;
  }
  const [file = '', anchor = ''] = href.split('#');
  const target = file === '' ? name : path.posix.join(path.posix.dirname(name), file).replace(/\.md$/, '');
  if (names.has(target)) {
    child.attrSet('href', addresses.page(target, anchor));
    return true;
  }
  // Its words stay.
  const all = parent.children ?? [];
  const close = all.slice(all.indexOf(child)).find(({ type }) => type === 'link_close');
  if (close !== undefined) close.meta = { dropped: true };
  return false;
}
