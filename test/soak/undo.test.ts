import { SOAK } from '../support/effort.ts';
import { declareUndoProperties } from '../support/undo-property.ts';

declareUndoProperties(SOAK.plans);
