/** What the server takes and answers, told by its own declarations. Types alone: nothing of the server comes into the page. */
import type { z } from 'zod';
import type { Operations } from '../../../src/app/operations.ts';
import type { catalogue } from '../../../src/changes/index.ts';
import type { filterCatalogue } from '../../../src/filters/index.ts';
import type { sessionAnswer } from '../../../src/http/sign-in/api-schemas.ts';
import type { RunProgress } from '../../../src/runs/index.ts';

export type OperationName = keyof Operations & string;

/** Does not compile while the names of some operations are lost: their list wants `as const satisfies readonly AnyOperation[]`. */
export const NAMES_ARE_KNOWN: string extends OperationName ? false : true = true;

export type Input<N extends OperationName> = z.input<Operations[N]['input']>;
export type Output<N extends OperationName> = z.output<Operations[N]['output']>;

/** Fields that name a file on the server: over HTTP a file comes as an upload, or goes out as a download. */
type FileField = 'file' | 'mapping' | 'csv';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** The input of an operation whose files travel beside it. */
export type InputBesideFiles<N extends OperationName> = Without<Input<N>, FileField>;

export type Session = z.output<typeof sessionAnswer>;
export type Privilege = Operations[OperationName]['privilege'];
export type ChangeCatalogue = ReturnType<typeof catalogue>;
export type FilterCatalogue = ReturnType<typeof filterCatalogue>;
export type { RunProgress };
/** An event of a run as it goes. */
export type RunEvent = RunProgress & { readonly state_text: string };
