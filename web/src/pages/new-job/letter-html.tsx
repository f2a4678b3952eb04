import { useEffect, useRef } from 'react';

const TAGS = new Set(
  'A B BLOCKQUOTE BR CENTER DIV EM H1 H2 H3 H4 HR I IMG LI OL P PRE S SPAN STRONG SUB SUP TABLE TBODY TD TH THEAD TR U UL'.split(' '),
);
const ATTRIBUTES = ['align', 'valign', 'colspan', 'rowspan', 'width', 'dir', 'lang', 'alt', 'title'];

/**
 * The HTML of a mail on the page: its elements are made anew, one by one, in a shadow tree. Styles are set by
 * property (a style in an attribute is against the page's policy), and nothing in it runs or is loaded from elsewhere.
 */
export function LetterHtml({ html, label }: { readonly html: string; readonly label: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    // Attributes are renamed before they are parsed: a document that is only read counts as ours, too.
    const read = new DOMParser().parseFromString(html.replace(/\sstyle=/gi, ' data-look='), 'text/html');
    const top = document.createElement('div');
    look(top, read.body.getAttribute('data-look'));
    top.append(...[...read.body.childNodes].flatMap(anew));
    root.replaceChildren(top);
  }, [html]);
  return <div ref={host} role="document" aria-label={label} className="nj-letter-html" />;
}

function anew(node: Node): Node[] {
  if (node instanceof Text) return [document.createTextNode(node.data)];
  if (!(node instanceof HTMLElement)) return [];
  if (/^(?:STYLE|SCRIPT|TITLE|HEAD)$/.test(node.tagName)) return [];
  const inner = [...node.childNodes].flatMap(anew);
  if (!TAGS.has(node.tagName)) return inner;
  const element = document.createElement(node.tagName);
  for (const name of ATTRIBUTES) {
    const value = node.getAttribute(name);
    if (value !== null) element.setAttribute(name, value);
  }
  const source = node.getAttribute('src');
  if (element instanceof HTMLImageElement && source?.startsWith('data:image/') === true) element.src = source;
  const target = node.getAttribute('href');
  if (element instanceof HTMLAnchorElement && target !== null) element.title = target;
  look(element, node.getAttribute('data-look'));
  element.append(...inner);
  return [element];
}

function look(element: HTMLElement, text: string | null): void {
  for (const part of (text ?? '').split(';')) {
    const at = part.indexOf(':');
    const [name, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at > 0 && !/url\(|position|expression/i.test(part)) element.style.setProperty(name, value.replace(/\s*!important$/, ''));
  }
}
