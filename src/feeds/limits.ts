/** Longest record of any format, in characters: the memory of an import does not grow with its file. */
export const RECORD_LIMIT = 4_194_304;

/** Deepest nesting of JSON and XML; a user's record needs eight levels. */
export const DEPTH_LIMIT = 32;

/** Problems that an answer lists; `rejected` counts all. */
export const PROBLEM_LIMIT = 1_000;
