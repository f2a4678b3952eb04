/**
 * XML and its JSON counterpart by tables, as Alma has them: a shape says of each member of an object
 * how it looks in XML. Members that it does not name are elements with text; elements that it does
 * not know become members of their own, so that readers can tell them.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export type Json = Record<string, unknown>;

/**
 * `attribute`: of the element around. `coded`: `{ value, … }`, the value as text and the rest as
 * attributes (`desc`, `link`). A shape: an element with members of its own. `list`: an element per
 * item, inside one called `wrapper` where there is one.
 */
export type XmlPart =
  | 'text'
  | 'attribute'
  | 'coded'
  | { readonly shape: XmlShape }
  | { readonly list: 'text' | 'coded' | XmlShape; readonly wrapper?: string };

export type XmlShape = Readonly<Record<string, XmlPart>>;

/** The JSON counterpart of an element. */
export function jsonOfXml(element: XmlElement, shape: XmlShape): Json {
  const json: Json = {};
  for (const [name, value] of Object.entries(element.attributes)) if (name !== 'xmlns') put(json, name, value);
  const wrappers = wrappersOf(shape);
  for (const child of element.children) {
    const wrapped = wrappers.get(child.name);
    const name = wrapped ?? child.name;
    const part = Object.hasOwn(shape, name) ? (shape[name] ?? 'text') : 'text';
    if (typeof part === 'object' && 'list' in part) {
      if (wrapped !== undefined) {
        put(
          json,
          name,
          child.children.map((item) => (item.name === name ? itemOfXml(item, part.list) : item.text)),
        );
      } else if (part.wrapper === undefined) {
        const items = Object.hasOwn(json, name) && Array.isArray(json[name]) ? json[name] : [];
        put(json, name, [...items, itemOfXml(child, part.list)]);
      } else put(json, name, child.text); // the element of a list outside of its wrapper
    } else if (typeof part === 'object') put(json, name, jsonOfXml(child, part.shape));
    else put(json, name, part === 'coded' ? codedOfXml(child) : child.text);
  }
  return json;
}

function itemOfXml(item: XmlElement, kind: 'text' | 'coded' | XmlShape): unknown {
  if (kind === 'text') return item.text;
  return kind === 'coded' ? codedOfXml(item) : jsonOfXml(item, kind);
}

function codedOfXml(element: XmlElement): Json {
  return { value: element.text, desc: null, ...element.attributes };
}

const WRAPPERS = new WeakMap<XmlShape, ReadonlyMap<string, string>>();

/** Wrapper → the member that it holds. */
function wrappersOf(shape: XmlShape): ReadonlyMap<string, string> {
  const known = WRAPPERS.get(shape);
  if (known !== undefined) return known;
  const wrappers = new Map(
    Object.entries(shape).flatMap(([name, part]) =>
      typeof part === 'object' && 'list' in part && part.wrapper !== undefined ? [[part.wrapper, name] as const] : [],
    ),
  );
  WRAPPERS.set(shape, wrappers);
  return wrappers;
}

/** `__proto__` in a file is a name like any other. */
function put(json: Json, name: string, value: unknown): void {
  Object.defineProperty(json, name, { value, enumerable: true, configurable: true, writable: true });
}

/** An element per object, members in their order; empty members are left out. */
export function writeXml(name: string, value: Json, shape: XmlShape, indent = ''): string {
  const out: string[] = [];
  writeObject(out, name, value, shape, indent);
  return out.join('');
}

function writeObject(out: string[], name: string, value: Json, shape: XmlShape, indent: string): void {
  const attributes = Object.entries(shape).flatMap(([member, part]) => (part === 'attribute' ? attribute(member, value[member]) : []));
  out.push(`${indent}<${name}${attributes.join('')}>\n`);
  for (const [member, given] of Object.entries(value)) {
    const part = Object.hasOwn(shape, member) ? (shape[member] ?? 'text') : 'text';
    if (part !== 'attribute') writePart(out, member, given, part, `${indent}  `);
  }
  out.push(`${indent}</${name}>\n`);
}

function writePart(out: string[], name: string, given: unknown, part: Exclude<XmlPart, 'attribute'>, indent: string): void {
  if (part === 'text') writeText(out, name, given, indent);
  else if (part === 'coded') writeCoded(out, name, given, indent);
  else if ('shape' in part) {
    if (typeof given === 'object' && given !== null) writeObject(out, name, asJson(given), part.shape, indent);
  } else if (Array.isArray(given)) {
    const inner = part.wrapper === undefined ? indent : `${indent}  `;
    if (part.wrapper !== undefined) out.push(`${indent}<${part.wrapper}>\n`);
    for (const item of given) {
      if (part.list === 'text') writeText(out, name, item, inner);
      else if (part.list === 'coded') writeCoded(out, name, item, inner);
      else writeObject(out, name, asJson(item), part.list, inner);
    }
    if (part.wrapper !== undefined) out.push(`${indent}</${part.wrapper}>\n`);
  }
}

function writeCoded(out: string[], name: string, given: unknown, indent: string): void {
  const { value, ...others } = asJson(given);
  if (value === undefined || value === null || value === '') return;
  const attributes = Object.entries(others).flatMap(([member, text]) => attribute(member, text));
  out.push(`${indent}<${name}${attributes.join('')}>${escapeText(String(value))}</${name}>\n`);
}

/** What no shape tells of: text, or an element per member and item. */
function writeText(out: string[], name: string, given: unknown, indent: string): void {
  if (Array.isArray(given)) {
    for (const item of given) writeText(out, name, item, indent);
    return;
  }
  if (typeof given === 'object' && given !== null) {
    writeObject(out, name, asJson(given), {}, indent);
    return;
  }
  if (given === undefined || given === null || given === '') return;
  out.push(`${indent}<${name}>${escapeText(String(given))}</${name}>\n`);
}

function attribute(name: string, value: unknown): string[] {
  return value === undefined || value === null || value === '' ? [] : [` ${name}="${escapeAttribute(String(value))}"`];
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Control characters that XML 1.0 cannot hold, not even as a reference. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeText(text: string): string {
  // A bare CR would be read back as LF.
  return text
    .toWellFormed()
    .replace(NOT_XML, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
