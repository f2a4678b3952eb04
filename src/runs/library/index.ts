import type { AnyOperation } from '../../core/index.ts';
import { aboutLibrary } from './about.ts';
import { showFigures } from './figures.ts';
import { recentLetters } from './letters.ts';

/** What the start page shows of the library. */
export const LIBRARY_OPERATIONS = [aboutLibrary, recentLetters, showFigures] as const satisfies readonly AnyOperation[];
