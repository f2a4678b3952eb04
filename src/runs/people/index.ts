import type { AnyOperation } from '../../core/index.ts';
import { mergeUsers, previewMerge } from './merge.ts';

export const PEOPLE_OPERATIONS = [previewMerge, mergeUsers] as const satisfies readonly AnyOperation[];
export { mergeUsers, previewMerge };
export type { MergePreview } from './merge-view.ts';
