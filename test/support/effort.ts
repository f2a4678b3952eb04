/** How often the property tests try: what `npm test` can wait for, and what `npm run soak` is for. */
export const EVERYDAY = { plans: 50 } as const;
export const SOAK = { plans: 10_000 } as const;
