import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';

/** The same place that scheme.js looks at before anything is drawn. */
const KEPT = 'muster.scheme';

function kept(fallback: MantineColorScheme): MantineColorScheme {
  const value = localStorage.getItem(KEPT);
  return value === 'light' || value === 'dark' ? value : fallback;
}

/** Keeps the colour scheme in this browser, and follows other tabs. */
export function schemeManager(): MantineColorSchemeManager {
  let stop: (() => void) | undefined;
  return {
    get: kept,
    set: (scheme) => (scheme === 'auto' ? localStorage.removeItem(KEPT) : localStorage.setItem(KEPT, scheme)),
    subscribe: (onUpdate) => {
      const listener = (event: StorageEvent): void => {
        if (event.key === KEPT) onUpdate(kept('auto'));
      };
      addEventListener('storage', listener);
      stop = () => removeEventListener('storage', listener);
    },
    unsubscribe: () => stop?.(),
    clear: () => localStorage.removeItem(KEPT),
  };
}
