/** By what a file is known again: the same name, size and time of change, or what a web server says of its version. */
export type Origin =
  | { readonly kind: 'directory' | 'sftp'; readonly name: string; readonly bytes: number; readonly modified: string }
  | {
      readonly kind: 'https';
      readonly name: string;
      readonly etag: string | null;
      /** Last-Modified, as the server wrote it. */
      readonly modified: string | null;
      /** Of the content, where the server says nothing of its version. */
      readonly sha256: string | null;
    };

/** A file that has come, whole. */
export interface Fetched {
  /** What it is called where it comes from; for people alone, never a path here. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly origin: Origin;
}

export interface FetchLimits {
  /** Largest file. */
  readonly maxBytes: number;
  /** Most files of one fetch; the others come with the next. */
  readonly maxFiles: number;
  readonly connectMs: number;
  /** Longest silence of the other side. */
  readonly idleMs: number;
  /** The whole fetch. */
  readonly totalMs: number;
  /** A file in a directory that has not changed for so long is complete. */
  readonly settledMs: number;
  /** Else it is looked at again after so long, and is complete when it is the same… */
  readonly lookAgainMs: number;
  /** …for up to so long; what still grows then is left for the next fetch. */
  readonly waitMs: number;
}

const GIB = 1024 ** 3;

export const FETCH_LIMITS: FetchLimits = {
  maxBytes: 16 * GIB,
  maxFiles: 1_000,
  connectMs: 30_000,
  idleMs: 60_000,
  totalMs: 2 * 3_600_000,
  settledMs: 60_000,
  lookAgainMs: 5_000,
  waitMs: 60_000,
};

export interface FetchOptions {
  /** Directory into which files are put; made when it is not there. */
  readonly into: string;
  readonly dataDir: string;
  /** Whether a file has been taken before; such are not downloaded again. */
  known(origin: Origin): boolean | Promise<boolean>;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<FetchLimits>;
}

/** What a source's own file needs of the options, filled up. */
export interface Fetch extends Omit<FetchOptions, 'limits' | 'signal'> {
  readonly signal: AbortSignal;
  readonly limits: FetchLimits;
  /** The source, for errors. */
  readonly where: string;
}
