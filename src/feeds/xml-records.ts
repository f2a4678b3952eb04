/**
 * Users out of an XML file of any size: one `<user>`, or `<users>` as a student information system
 * sends it. One user is in memory at a time. Document types, and with them entities of one's own,
 * are refused; only the five predefined entities and character references exist.
 */
import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import { AppError } from '../core/index.ts';
import type { FeedRecord } from './json-records.ts';
import { DEPTH_LIMIT, RECORD_LIMIT } from './limits.ts';
import { almaOfXml } from './alma-xml.ts';
import type { XmlElement } from './xml-shape.ts';

export async function* xmlRecords(text: AsyncIterable<string>): AsyncGenerator<FeedRecord, void, undefined> {
  const reader = new XmlReader();
  for await (const chunk of text) yield* reader.push(chunk);
  yield* reader.end();
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

class XmlReader {
  readonly #parser = new SaxesParser({ xmlns: false, position: true });
  readonly #open: OpenElement[] = [];
  #ready: FeedRecord[] = [];
  #depth = 0;
  #inUsers = false;
  #userLine = 1;
  /** Characters since the present user, or the last event outside of one, began. */
  #pending = 0;
  #closing = false;

  constructor() {
    const parser = this.#parser;
    parser.on('error', (error) => this.#broken(error));
    parser.on('doctype', () => {
      throw new AppError('feeds.xml_doctype', { line: parser.line });
    });
    parser.on('opentag', (tag) => this.#opens(tag.name, tag.attributes as Record<string, SaxesAttributePlain | string>));
    parser.on('text', (text) => this.#characters(text));
    parser.on('cdata', (text) => this.#characters(text));
    parser.on('closetag', () => this.#closes());
  }

  *push(chunk: string): Generator<FeedRecord, void, undefined> {
    this.#pending += chunk.length;
    this.#parser.write(chunk);
    // Every event outside of a user starts the count anew, so what is left is one thing that does not end.
    if (this.#pending > RECORD_LIMIT) throw new AppError('feeds.record_too_long', { line: this.#userLine, limit: RECORD_LIMIT });
    yield* this.#take();
  }

  *end(): Generator<FeedRecord, void, undefined> {
    this.#closing = true;
    this.#parser.close();
    yield* this.#take();
  }

  #take(): FeedRecord[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #broken(error: Error): never {
    const line = this.#parser.line;
    if (this.#closing) throw new AppError('feeds.file_cut', { line }, { cause: error });
    // The parser puts the place in front: "12:34: reason".
    throw new AppError('feeds.xml_broken', { line, reason: error.message.replace(/^\d+:\d+: /, '').slice(0, 120) }, { cause: error });
  }

  #opens(name: string, attributes: Readonly<Record<string, SaxesAttributePlain | string>>): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new AppError('feeds.too_deep', { line: this.#parser.line, limit: DEPTH_LIMIT });
    if (this.#open.length === 0) {
      this.#pending = 0;
      if (this.#depth === 1 && name === 'users') {
        this.#inUsers = true;
        return;
      }
      if (name !== 'user' || this.#depth !== (this.#inUsers ? 2 : 1)) {
        throw new AppError('feeds.xml_root', { line: this.#parser.line, found: name.slice(0, 60) });
      }
      this.#userLine = this.#parser.line;
    }
    const plain = Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? value : value.value]),
    );
    this.#open.push({ name, attributes: plain, children: [], text: '' });
  }

  #characters(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
    else this.#pending = 0;
  }

  #closes(): void {
    this.#depth -= 1;
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      parent.children.push(element);
      return;
    }
    this.#pending = 0;
    this.#ready.push({ line: this.#userLine, value: almaOfXml(element) });
  }
}
