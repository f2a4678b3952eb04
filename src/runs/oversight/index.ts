import type { AnyOperation } from '../../core/index.ts';
import { approveRun, listWaiting, rejectRun } from './approval.ts';
import { subscribeToRuns } from './subscribe.ts';

export const OVERSIGHT_OPERATIONS = [approveRun, listWaiting, rejectRun, subscribeToRuns] as const satisfies readonly AnyOperation[];
export { approveRun, listWaiting, rejectRun, subscribeToRuns };
export { sendRunMails } from './send-mails.ts';
