/** The operations' zod schemas as JSON Schema: for OpenAPI, and for reading queries, where everything is text. */
import { z } from 'zod';
import type { AnyOperation } from '../core/index.ts';

export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

const inputs = new WeakMap<AnyOperation, JsonSchema>();

/** What an operation takes, as a caller writes it. */
export function inputSchema(operation: AnyOperation): JsonSchema {
  const known = inputs.get(operation);
  if (known !== undefined) return known;
  const schema = jsonSchema(operation.input, 'input');
  inputs.set(operation, schema);
  return schema;
}

/** What an operation answers. */
export function outputSchema(operation: AnyOperation): JsonSchema {
  return jsonSchema(operation.output, 'output');
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as JsonSchema;
  return rest;
}
