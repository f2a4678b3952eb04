import { SaxesParser } from 'saxes';
import * as yauzl from 'yauzl';

/** What a handler is told of an XML part; names come without their namespace prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** The part is larger than it may be; says what, and the limit in mebibytes. */
export class TooLarge extends Error {
  readonly what: string;
  readonly limit: string;

  constructor(what: string, limit: string) {
    super(`${what} exceeds ${limit}`);
    this.what = what;
    this.limit = limit;
  }
}

const MAX_ENTRIES = 10_000;
const MAX_DEPTH = 64;
/** Longest stretch of XML without any markup: a text, a comment, a tag. */
const MAX_STRETCH_BYTES = 1024 * 1024;
const MIB = 1024 * 1024;

/**
 * The XML parts of a zipped document, read as streams. Sizes are those that come out while unpacking,
 * never those that the archive claims, so a zip bomb ends at the limit with little memory used;
 * document type definitions are refused, and with them every kind of entity expansion.
 */
export class ZippedXml {
  readonly #zip: yauzl.ZipFile;
  readonly #entries: ReadonlyMap<string, yauzl.Entry>;

  private constructor(zip: yauzl.ZipFile, entries: ReadonlyMap<string, yauzl.Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  static async open(path: string): Promise<ZippedXml> {
    const zip = await yauzl.openPromise(path, { autoClose: false });
    try {
      if (zip.entryCount > MAX_ENTRIES) throw new TooLarge('parts', String(MAX_ENTRIES));
      const entries = new Map<string, yauzl.Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      return new ZippedXml(zip, entries);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  close(): void {
    this.#zip.close();
  }

  /** Reads a part to its end. */
  async read(name: string, maxBytes: number, handler: XmlHandler): Promise<void> {
    for await (const _ of this.stream(name, maxBytes, handler)) {
      // Only the handler wants anything.
    }
  }

  /** Reads a part; gives the bytes unpacked so far after each chunk. */
  async *stream(name: string, maxBytes: number, handler: XmlHandler): AsyncGenerator<number, void, void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`the part ${name} is missing`);
    const feed = xmlFeed(handler);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const stream = await this.#zip.openReadStreamPromise(entry);
    let bytes = 0;
    try {
      // A stream without an encoding gives buffers.
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new TooLarge(name, `${maxBytes / MIB} MiB`);
        feed.write(decoder.decode(chunk, { stream: true }), chunk.length);
        yield bytes;
      }
    } finally {
      stream.destroy();
    }
    feed.write(decoder.decode(), 0);
    feed.end();
  }
}

interface XmlFeed {
  write(text: string, bytes: number): void;
  end(): void;
}

function xmlFeed(handler: XmlHandler): XmlFeed {
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  let stretch = 0;
  parser.on('doctype', () => {
    throw new Error('it contains a document type definition');
  });
  parser.on('opentag', (tag) => {
    stretch = 0;
    depth += 1;
    if (depth > MAX_DEPTH) throw new TooLarge('depth', String(MAX_DEPTH));
    handler.open(localName(tag.name), tag.attributes as Record<string, string>);
  });
  parser.on('text', (text) => handler.text(text));
  parser.on('cdata', (text) => handler.text(text));
  parser.on('closetag', (tag) => {
    stretch = 0;
    depth -= 1;
    handler.close(localName(tag.name));
  });
  return {
    write: (text, bytes) => {
      stretch += bytes;
      parser.write(text);
      if (stretch > MAX_STRETCH_BYTES) throw new TooLarge('text', `${MAX_STRETCH_BYTES / MIB} MiB`);
    },
    end: () => {
      parser.close();
    },
  };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
