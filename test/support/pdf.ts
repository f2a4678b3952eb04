/** Reads a PDF as a reader of screens or a person would: text with its places, and the structure. */
import { readFile } from 'node:fs/promises';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PdfText {
  readonly text: string;
  /** Millimetres from the left, and from the top to the base line. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Size of the type in points. */
  readonly size: number;
}

/** The structure as words: `Sect(P P H1(…))`; text is left out. */
export interface PdfPage {
  readonly lines: readonly PdfText[];
  readonly text: string;
  readonly structure: string;
}

const MM = 72 / 25.4;

export async function readPdf(
  source: string | Buffer,
): Promise<{ pages: PdfPage[]; info: Readonly<Record<string, unknown>>; metadata: string }> {
  const data = new Uint8Array(typeof source === 'string' ? await readFile(source) : source);
  const task = getDocument({ data, verbosity: 0, useSystemFonts: false });
  const document = await task.promise;
  try {
    const pages: PdfPage[] = [];
    for (let number = 1; number <= document.numPages; number += 1) pages.push(await readPage(document, number));
    const { info, metadata } = await document.getMetadata();
    return { pages, info: info as Readonly<Record<string, unknown>>, metadata: String(metadata?.getRaw() ?? '') };
  } finally {
    await task.destroy();
  }
}

async function readPage(document: PDFDocumentProxy, number: number): Promise<PdfPage> {
  const page = await document.getPage(number);
  const [, , , height = 0] = page.view;
  const { items } = await page.getTextContent();
  const lines = items.flatMap((item): PdfText[] => {
    if (!('str' in item) || item.str.trim() === '') return [];
    const [, , , size = 0, x = 0, y = 0] = item.transform as number[];
    return [{ text: item.str, x: x / MM, y: (height - y) / MM, width: item.width / MM, size }];
  });
  return {
    lines,
    text: items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join(''),
    structure: nodeText((await page.getStructTree()) as Node | null),
  };
}

interface Node {
  readonly role?: string;
  readonly lang?: string;
  readonly alt?: string;
  readonly children?: readonly Node[];
}

function nodeText(node: Node | null): string {
  if (node?.role === undefined) return '';
  const inner = (node.children ?? []).map(nodeText).filter((text) => text !== '');
  const name = node.lang === undefined ? node.role : `${node.role}[${node.lang}]`;
  return inner.length === 0 ? name : `${name}(${inner.join(' ')})`;
}
