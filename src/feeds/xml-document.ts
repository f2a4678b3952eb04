/**
 * A whole XML document in memory, for bodies whose size is bounded elsewhere. Document types, and with
 * them entities of one's own, are refused.
 */
import { SaxesParser } from 'saxes';
import { DEPTH_LIMIT } from './limits.ts';
import type { XmlElement } from './xml-shape.ts';

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** The root element; undefined when the text is no well-formed document of the kind that is read here. */
export function readXmlDocument(text: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let broken = false;
  const refuse = (): never => {
    broken = true;
    throw new Refused();
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= DEPTH_LIMIT) refuse();
    open.push({ name, attributes: attributes as Readonly<Record<string, string>>, children: [], text: '' }); // plain texts without xmlns
  });
  const characters = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', characters);
  parser.on('cdata', characters);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  return broken ? undefined : root;
}

class Refused extends Error {}
