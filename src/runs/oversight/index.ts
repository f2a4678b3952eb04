import type { AnyOperation } from '../../core/index.ts';
import { approveRun, listWaiting, rejectRun } from './approval.ts';
import { subscribeToRuns } from './subscribe.ts';

export const OVERSIGHT_OPERATIONS: readonly AnyOperation[] = [approveRun, listWaiting, rejectRun, subscribeToRuns];
export { approveRun, listWaiting, rejectRun, subscribeToRuns };
export { sendRunMails } from './send-mails.ts';
