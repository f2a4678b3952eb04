/** Tables as CSV files for a spreadsheet. */
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { writeWhole } from '../feeds/index.ts';

/** The file appears when it is complete. A cell that a spreadsheet would calculate gets an apostrophe in front. @throws `feeds.file_unwritable` */
export async function writeCsv(file: string, columns: readonly string[], rows: AsyncIterable<readonly string[]>): Promise<void> {
  const line = (cells: readonly string[]): string => stringify([[...cells]], { escape_formulas: true });
  async function* text(): AsyncGenerator<string, void, undefined> {
    // Excel takes a CSV without the mark for Windows-1252.
    yield `\uFEFF${line(columns)}`;
    for await (const row of rows) yield line(row);
  }
  await writeWhole(Readable.from(text()), file);
}
