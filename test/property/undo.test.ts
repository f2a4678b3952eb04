import { EVERYDAY } from '../support/effort.ts';
import { declareUndoProperties } from '../support/undo-property.ts';

declareUndoProperties(EVERYDAY.plans);
