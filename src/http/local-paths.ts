/**
 * Inputs of operations that name a file on the machine. Over HTTP they are never the caller's to set:
 * a file that is read comes as an upload, one that is written goes out as a download.
 */
import type { AnyOperation } from '../core/index.ts';

export interface LocalPaths {
  /** Field → the upload's part of the same name. */
  readonly reads?: readonly string[];
  /** Field whose file is the answer. */
  readonly writes?: string;
  /** Of what it writes, where no `format` says so; else `csv`. */
  readonly ending?: string;
  /** Fields that name something ready-made, or else a file: what may be said of them, and they may be uploaded. */
  readonly named?: Readonly<Record<string, readonly string[]>>;
}

const LOCAL_PATHS: Readonly<Record<string, LocalPaths>> = {
  'users.import': { reads: ['file'], named: { mapping: ['folio'] } },
  'users.import_circulation': { reads: ['file'] },
  'users.export': { writes: 'file' },
  'feed.preview': { reads: ['file'] },
  'feed.load': { reads: ['file'] },
  'feed.export': { writes: 'file', ending: 'alma-xml' },
  'set.create': { reads: ['file'] },
  'set.check_file': { reads: ['file'] },
  'set.add_members': { reads: ['file'] },
  'set.remove_members': { reads: ['file'] },
  'set.replace_members': { reads: ['file'] },
  'values.upload': { reads: ['file'] },
  'job.report': { writes: 'csv' },
  'job.export_preview': { writes: 'file' },
  'audit.export': { writes: 'file' },
  'access.report_export': { writes: 'file' },
  'print.download': { writes: 'file', ending: 'pdf' },
  'erasure.list': { writes: 'file' },
  'erasure.reapply': { reads: ['file'] },
  'suppression.export': { writes: 'file' },
  'suppression.import': { reads: ['file'] },
};

/** Names under which an operation would take a path; one that has such a field has to say so above. */
const SUSPICIOUS = /^(?:file|files|path|paths|csv|xlsx|mapping|dir|directory|folder|output|outfile|out)$/i;

export function localPathsOf(operation: AnyOperation): LocalPaths {
  return LOCAL_PATHS[operation.name] ?? {};
}

/** Every field that the caller may not set, whether it is listed or only looks like a path. */
export function isLocalPath(operation: AnyOperation, field: string): boolean {
  const { reads = [], writes, named = {} } = localPathsOf(operation);
  return reads.includes(field) || writes === field || Object.hasOwn(named, field) || SUSPICIOUS.test(field);
}

/** The first field of a raw input that would name a local file, if there is one. */
export function localPathIn(operation: AnyOperation, raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { named = {} } = localPathsOf(operation);
  // `__proto__` and the like are names that anybody may send.
  const known = (field: string): readonly string[] => (Object.hasOwn(named, field) ? (named[field] ?? []) : []);
  return Object.entries(raw).find(([field, value]) => isLocalPath(operation, field) && !known(field).includes(String(value)))?.[0];
}
