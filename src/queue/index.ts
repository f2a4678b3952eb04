export { type Attendant, attendDoorbell, workerPresent } from './attendant.ts';
export { createDoorbell, installQueue } from './doorbell.ts';
export { isTransient } from './transient.ts';
export { startWorker, type Tasks, type Worker } from './worker.ts';
