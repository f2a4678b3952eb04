/** Alma's XML notation of a user, in and out, by way of the JSON shape. */
import { ALMA_COUNTS, ALMA_LISTS, ALMA_SCALARS, type AlmaField, type AlmaList, PARAMETER_CODES } from './alma-shape.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

type Json = Record<string, unknown>;

const CODED = new Set(ALMA_SCALARS.filter((f) => f.kind === 'coded').map((f) => f.alma));

/** The JSON shape of a `<user>` element. Unknown elements become members of their own, so that they are told. */
export function almaOfXml(user: XmlElement): Json {
  const json: Json = {};
  for (const child of user.children) {
    const wrapped = ALMA_LISTS.find((l) => !l.contact && l.wrapper === child.name);
    if (wrapped !== undefined) {
      add(json, wrapped.alma, listOfXml(child, wrapped));
    } else if (child.name === 'contact_info') {
      const contact: Json = {};
      for (const part of child.children) {
        const list = ALMA_LISTS.find((l) => l.contact && l.wrapper === part.name);
        add(contact, list?.alma ?? part.name, list === undefined ? part.text : listOfXml(part, list));
      }
      add(json, 'contact_info', contact);
    } else if (child.name === 'proxy_for_users') {
      add(json, 'proxy_for_user', child.children.length);
    } else {
      add(json, child.name, CODED.has(child.name) ? codedOfXml(child) : child.text);
    }
  }
  return json;
}

/** `__proto__` in a file is a name like any other. */
function add(json: Json, name: string, value: unknown): void {
  Object.defineProperty(json, name, { value, enumerable: true, configurable: true, writable: true });
}

function codedOfXml(element: XmlElement): Json {
  return { value: element.text, desc: element.attributes['desc'] ?? null };
}

function listOfXml(wrapper: XmlElement, list: AlmaList): readonly unknown[] {
  return wrapper.children.map((row) => {
    if (row.name !== list.alma) return row.text;
    const json: Json = {};
    for (const [name, value] of Object.entries(row.attributes)) add(json, name, value);
    for (const cell of row.children) {
      const field = list.fields.find((f) => (f.wrapper ?? f.alma) === cell.name);
      add(json, field?.alma ?? cell.name, field === undefined ? cell.text : cellOfXml(cell, field));
    }
    return json;
  });
}

function cellOfXml(cell: XmlElement, field: AlmaField): unknown {
  if (field.kind === 'coded') return codedOfXml(cell);
  if (field.kind === 'codes') return cell.children.map(codedOfXml);
  if (field.kind === 'parameters') {
    return cell.children.map((parameter) =>
      Object.fromEntries(
        parameter.children.flatMap((part) =>
          PARAMETER_CODES.some((p) => p.name === part.name) ? [[part.name, codedOfXml(part)] as const] : [],
        ),
      ),
    );
  }
  return cell.text;
}

export const XML_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<users>\n';
export const XML_END = '</users>\n';

/** The `<user>` element of a user in Alma's JSON shape. Empty members are left out. */
export function xmlOfAlma(user: Json): string {
  const out: string[] = ['  <user>\n'];
  for (const [name, value] of Object.entries(user)) {
    const list = ALMA_LISTS.find((l) => !l.contact && l.alma === name);
    if (list !== undefined) writeList(out, list, value, '    ');
    else if (name === 'contact_info') writeContact(out, asJson(value));
    else if (name === 'proxy_for_user') writeProxies(out, value);
    else if ((ALMA_COUNTS as readonly string[]).includes(name)) writeElement(out, name, asJson(value)['value'], '    ');
    else if (CODED.has(name)) writeCoded(out, name, asJson(value), '    ');
    else writeElement(out, name, value, '    ');
  }
  out.push('  </user>\n');
  return out.join('');
}

function writeContact(out: string[], contact: Json): void {
  out.push('    <contact_info>\n');
  for (const list of ALMA_LISTS) if (list.contact) writeList(out, list, contact[list.alma], '      ');
  out.push('    </contact_info>\n');
}

function writeList(out: string[], list: AlmaList, rows: unknown, indent: string): void {
  if (!Array.isArray(rows)) return;
  out.push(`${indent}<${list.wrapper}>\n`);
  for (const row of rows.map(asJson)) {
    const attributes = [...list.fields.filter((f) => f.attribute === true).map((f) => f.alma), 'segment_type'].flatMap((name) =>
      row[name] === undefined || row[name] === null ? [] : [` ${name}="${escapeAttribute(String(row[name]))}"`],
    );
    out.push(`${indent}  <${list.alma}${attributes.join('')}>\n`);
    for (const field of list.fields) if (field.attribute !== true) writeCell(out, field, row[field.alma], `${indent}    `);
    out.push(`${indent}  </${list.alma}>\n`);
  }
  out.push(`${indent}</${list.wrapper}>\n`);
}

function writeCell(out: string[], field: AlmaField, value: unknown, indent: string): void {
  if (field.kind === 'coded') writeCoded(out, field.alma, asJson(value), indent);
  else if (field.kind === 'plain') writeElement(out, field.alma, value, indent);
  else {
    const wrapper = field.wrapper ?? field.alma;
    out.push(`${indent}<${wrapper}>\n`);
    for (const item of (Array.isArray(value) ? value : []).map(asJson)) {
      if (field.kind === 'codes') writeCoded(out, field.alma, item, `${indent}  `);
      else {
        out.push(`${indent}  <${field.alma}>\n`);
        for (const part of PARAMETER_CODES) writeCoded(out, part.name, asJson(item[part.name]), `${indent}    `);
        out.push(`${indent}  </${field.alma}>\n`);
      }
    }
    out.push(`${indent}</${wrapper}>\n`);
  }
}

function writeProxies(out: string[], proxies: unknown): void {
  if (!Array.isArray(proxies) || proxies.length === 0) return;
  out.push('    <proxy_for_users>\n');
  for (const proxy of proxies.map(asJson)) {
    out.push('      <proxy_for_user>\n');
    writeElement(out, 'primary_id', proxy['primary_id'], '        ');
    writeElement(out, 'full_name', proxy['full_name'], '        ');
    out.push('      </proxy_for_user>\n');
  }
  out.push('    </proxy_for_users>\n');
}

function writeCoded(out: string[], name: string, coded: Json, indent: string): void {
  const { value, desc } = coded;
  if (value === undefined || value === null || value === '') return;
  const described = typeof desc === 'string' && desc !== '' ? ` desc="${escapeAttribute(desc)}"` : '';
  out.push(`${indent}<${name}${described}>${escapeText(String(value))}</${name}>\n`);
}

function writeElement(out: string[], name: string, value: unknown, indent: string): void {
  if (value === undefined || value === null || value === '') return;
  out.push(`${indent}<${name}>${escapeText(String(value))}</${name}>\n`);
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Control characters that XML 1.0 cannot hold, not even as a reference. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escapeText(text: string): string {
  // A bare CR would be read back as LF.
  return text
    .replace(NOT_XML, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
