/** The way through a new job, in order. */
export const STEPS = ['set', 'changes', 'letter', 'preview', 'confirm'] as const;
export type Step = (typeof STEPS)[number];

export function isStep(value: unknown): value is Step {
  return STEPS.some((step) => step === value);
}
