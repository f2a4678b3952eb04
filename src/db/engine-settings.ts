import { statfsSync } from 'node:fs';
import os from 'node:os';

/** Server settings by their PostgreSQL names, as the embedded server is started with them. */
export type EngineSettings = Readonly<Record<string, string>>;

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export interface Machine {
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly freeDiskBytes: number;
}

/** The machine as this process may use it: a container's memory limit counts, not the host's. */
export function presentMachine(directory: string): Machine {
  const limit = process.constrainedMemory();
  const total = os.totalmem();
  const disk = statfsSync(directory);
  return {
    memoryBytes: limit > 0 ? Math.min(limit, total) : total,
    cpus: os.availableParallelism(),
    freeDiskBytes: disk.bavail * disk.bsize,
  };
}

/**
 * Made for jobs over a million rows on two cores, and still modest on a small machine, since other
 * programs run there too. What is about durability stays as PostgreSQL has it: a committed chunk is
 * never lost.
 */
export function engineSettings(machine: Machine): EngineSettings {
  const mebibytes = (bytes: number): string => `${Math.round(bytes / MIB)}MB`;
  const share = (part: number, least: number, most: number): string =>
    mebibytes(Math.min(most, Math.max(least, machine.memoryBytes / part)));
  // A big job writes several GiB of WAL; room for it saves checkpoints, but must not fill a small disk.
  const walBytes = Math.min(8 * GIB, Math.max(GIB, machine.freeDiskBytes / 10));
  return {
    max_connections: '100',
    shared_buffers: share(8, 128 * MIB, 2 * GIB),
    effective_cache_size: share(2, 256 * MIB, 64 * GIB),
    work_mem: share(256, 16 * MIB, 64 * MIB),
    maintenance_work_mem: share(32, 64 * MIB, 512 * MIB),
    max_parallel_workers: String(machine.cpus),
    max_parallel_workers_per_gather: String(Math.min(2, machine.cpus)),
    random_page_cost: '1.1',
    jit: 'off',

    fsync: 'on',
    synchronous_commit: 'on',
    // The embedded build has no lz4.
    wal_compression: 'pglz',
    wal_buffers: '16MB',
    max_wal_size: mebibytes(walBytes),
    min_wal_size: mebibytes(walBytes / 8),
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',

    // A run leaves one dead row per user behind; the next run should not have to walk over them, and this one
    // not share its cores with the cleaning (a million users: 28.6 s with a look every 15 s, 27.2 s without).
    autovacuum_naptime: '1min',
    autovacuum_vacuum_scale_factor: '0.05',
    autovacuum_analyze_scale_factor: '0.02',
    autovacuum_vacuum_insert_scale_factor: '0.1',
    autovacuum_vacuum_cost_limit: '2000',

    // A statement whose program was killed ends too, instead of holding its locks until it is through.
    client_connection_check_interval: process.platform === 'win32' ? '0' : '5s',

    // Statements and key values are personal data; they have no place in a log file.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: '0',
    log_line_prefix: '%m [%p] ',
    log_timezone: 'UTC',
    lc_messages: 'C',
  };
}
