import type { OperationName } from '../../api/index.ts';

/** What is no longer true once a run has been moved on by somebody. */
export const MOVES = ['job.show', 'job.list', 'job.waiting', 'audit.search'] as const satisfies readonly OperationName[];
