/** What stands in the address of a new job. */
import { isStep, type Step } from './steps.ts';

export const OUTCOME_TABS = ['changed', 'unchanged', 'skipped', 'failed'] as const;
export type OutcomeTab = (typeof OUTCOME_TABS)[number];

export interface NewJobSearch {
  /** Number of the set to begin with. */
  readonly set?: number;
  /** A former run to copy. */
  readonly run?: number;
  /** Name of a template to load. */
  readonly template?: string;
  /** The draft that is open; it lies in the browser's storage. */
  readonly draft?: string;
  readonly step?: Step;
  /** Which users the preview's table shows; all without. */
  readonly outcome?: OutcomeTab;
  /** Primary id of the user whose letter is shown. */
  readonly as?: string;
}

export function newJobSearch(given: Record<string, unknown>): NewJobSearch {
  const outcome = OUTCOME_TABS.find((each) => each === given['outcome']);
  return {
    ...(typeof given['set'] === 'number' ? { set: given['set'] } : {}),
    ...(typeof given['run'] === 'number' ? { run: given['run'] } : {}),
    ...(typeof given['template'] === 'string' ? { template: given['template'] } : {}),
    ...(typeof given['draft'] === 'string' ? { draft: given['draft'] } : {}),
    ...(isStep(given['step']) ? { step: given['step'] } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    // A primary id of digits comes out of the address as a number.
    ...(typeof given['as'] === 'string' || typeof given['as'] === 'number' ? { as: String(given['as']) } : {}),
  };
}
