export { compileLetter } from './compile.ts';
export { COLOURS, FRAMES, frameFor } from './frame.ts';
export type * from './types.ts';
