import type { AnyOperation } from '../core/index.ts';

/**
 * Every operation there is, by name: what the HTTP API, OpenAPI, the permissions page and the tests
 * that hold for all of them are made from.
 */
export const OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map();
