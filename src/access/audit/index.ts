import type { AnyOperation } from '../../core/index.ts';
import { exportAudit } from './export-audit.ts';
import { searchAudit } from './search-audit.ts';

export const AUDIT_OPERATIONS: readonly AnyOperation[] = [exportAudit, searchAudit];
export { exportAudit };
export { searchAudit };
