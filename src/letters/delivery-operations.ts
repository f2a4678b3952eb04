/** The verbs about ways out, what comes back of letters, and addresses that nothing is sent to. */
import { listReports } from './bounces/list-reports.ts';
import { takeReport } from './bounces/take-report.ts';
import { showChannels, testChannel } from './channel-operations.ts';
import { exportSuppressions, importSuppressions } from './suppression-files.ts';
import { liftAddress, listSuppressions, suppressAddress } from './suppression-operations.ts';

export const DELIVERY_OPERATIONS = [
  exportSuppressions,
  importSuppressions,
  liftAddress,
  listReports,
  listSuppressions,
  showChannels,
  suppressAddress,
  takeReport,
  testChannel,
] as const;
