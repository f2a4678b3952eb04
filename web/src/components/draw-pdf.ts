/** A PDF as pictures of its pages: a reader in the browser may be missing, and the page's policy lets no plug-in in. */
import { getDocument, GlobalWorkerOptions } from 'pdfjs-dist';
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

GlobalWorkerOptions.workerSrc = worker;

/** More pages than anybody looks at. */
const MOST_PAGES = 20;

/** `width` in CSS pixels; drawn twice as fine. */
export async function drawPdf(bytes: Uint8Array, width: number, signal: AbortSignal): Promise<readonly HTMLCanvasElement[]> {
  const task = getDocument({ data: bytes.slice(), isEvalSupported: false });
  const pdf = await task.promise;
  try {
    const sheets: HTMLCanvasElement[] = [];
    for (let number = 1; number <= Math.min(MOST_PAGES, pdf.numPages) && !signal.aborted; number += 1) {
      const page = await pdf.getPage(number);
      const viewport = page.getViewport({ scale: (2 * width) / page.getViewport({ scale: 1 }).width });
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      await page.render({ canvas, viewport }).promise;
      sheets.push(canvas);
    }
    return sheets;
  } finally {
    await task.destroy();
  }
}
