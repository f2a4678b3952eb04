export { approveRun, listWaiting, rejectRun } from './approval.ts';
export { WAITS_FOR_APPROVAL } from './hold.ts';
