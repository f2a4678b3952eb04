/**
 * One record of a file as the reader hands it on: fields as byte ranges of a buffer, so that a column
 * of a million lines can be copied to the database without a string per line. The same object is used
 * again for the next record; whoever wants to keep a field takes its `text`.
 */
export class FileRecord {
  /** Number of the line the record begins in, from 1; in a spreadsheet the row's number. */
  line = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** Start and end of each field in `bytes`, one after the other; blanks around a field are left out. */
  readonly bounds: number[] = [];
  count = 0;

  start(index: number): number {
    return index < this.count ? (this.bounds[index * 2] ?? 0) : 0;
  }

  end(index: number): number {
    return index < this.count ? (this.bounds[index * 2 + 1] ?? 0) : 0;
  }

  /** The field without blanks around it (any that Unicode knows); '' where the record has no such field. */
  text(index: number): string {
    return this.bytes.toString('utf8', this.start(index), this.end(index)).trim();
  }

  texts(): string[] {
    return Array.from({ length: this.count }, (_, index) => this.text(index));
  }

  get blank(): boolean {
    for (let index = 0; index < this.count; index += 1) {
      if (this.end(index) > this.start(index)) return false;
    }
    return true;
  }

  /** Adds the field between two bytes, without the ASCII blanks and control characters around it. */
  addTrimmed(start: number, end: number): void {
    let from = start;
    let to = end;
    while (from < to && (this.bytes[from] ?? 0) <= 32) from += 1;
    while (to > from && (this.bytes[to - 1] ?? 0) <= 32) to -= 1;
    this.bounds[this.count * 2] = from;
    this.bounds[this.count * 2 + 1] = to;
    this.count += 1;
  }
}

export type OnRecord = (record: FileRecord) => void;

/** A file of records, whatever its format. */
export interface RecordFile {
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
  /** Reads from the beginning; gives, now and then, how many bytes have been read. Blank records are left out. */
  read(onRecord: OnRecord): AsyncGenerator<number, void, void>;
}

/** The first record that is not blank; undefined when there is none. */
export async function firstRecord(file: RecordFile): Promise<string[] | undefined> {
  let first: string[] | undefined;
  for await (const _ of file.read((record) => {
    first ??= record.texts();
  })) {
    if (first !== undefined) break;
  }
  return first;
}
