import type { AnyOperation } from '../../core/index.ts';
import { exportAudit } from './export-audit.ts';
import { searchAudit } from './search-audit.ts';

export const AUDIT_OPERATIONS = [exportAudit, searchAudit] as const satisfies readonly AnyOperation[];
export { exportAudit };
export { searchAudit };
