/** The OpenAPI 3.1 document, made from the operations' schemas and the table of addresses. */
import { OPERATIONS } from '../app/operations.ts';
import type { AnyOperation, Language } from '../core/index.ts';
import { localPathsOf } from './local-paths.ts';
import { type Route, ROUTES } from './routes.ts';
import { sessionPaths } from './sign-in/index.ts';
import { inputSchema, type JsonSchema, outputSchema } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; decide by this' },
    detail: { type: 'string', description: 'In the language of Accept-Language (en, de)' },
    instance: { type: 'string', description: 'Number of the request, also in the log and the audit' },
    params: { type: 'object' },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/** The document for a server that is reached at `url`, in the words of `language`. */
export function openApiOf(url: string, language: Language, version: string): Json {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  const add = (path: string, method: string, description: Json): void => {
    paths[path] = { ...paths[path], [method]: description };
  };
  for (const route of ROUTES) {
    const operation = OPERATIONS.get(route.operation);
    if (operation !== undefined)
      add(route.path.replace(/:(\w+)/g, '{$1}'), route.method.toLowerCase(), routed(route, operation, language, components));
  }
  for (const operation of OPERATIONS.values()) add(`/api/operations/${operation.name}`, 'post', byName(operation, language, components));
  for (const { path, method, description } of sessionPaths(language)) add(path, method, description);
  add('/api/runs/{id}/events', 'get', {
    operationId: 'get_run_events',
    tags: ['runs'],
    summary: language === 'de' ? 'Ein Lauf, während er läuft, als Server-Sent Events' : 'A run as it goes, as server-sent events',
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
      { name: 'Last-Event-ID', in: 'header', schema: { type: 'string' } },
    ],
    responses: {
      200: { description: 'progress, then end', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      204: { description: 'It has ended, and the client knows' },
      default: PROBLEM_RESPONSE,
    },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Muster',
      version,
      description: 'User administration for libraries.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    security: [{ key: [] }, { keyHeader: [] }, { keyQuery: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: PROBLEM, ...components.schemas },
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`apikey KEY`' },
        keyHeader: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        keyQuery: { type: 'apiKey', in: 'query', name: 'apikey' },
        session: { type: 'apiKey', in: 'cookie', name: 'muster_session', description: 'Writes need X-CSRF-Token as well' },
      },
    },
  };
}

const PROBLEM_RESPONSE: Json = {
  description: 'What went wrong',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Schemas by name; definitions inside them become schemas of their own, so that references hold in the whole document. */
class Components {
  readonly schemas: Record<string, Json> = {};

  reference(name: string, make: () => JsonSchema): Json {
    if (this.schemas[name] === undefined) {
      const { $defs = {}, ...schema } = make();
      this.schemas[name] = rename(schema, name);
      for (const [inner, definition] of Object.entries($defs)) this.schemas[`${name}.${inner}`] = rename(definition, name);
    }
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** Copies a schema with its references pointing to the document's components. */
function rename(schema: JsonSchema, name: string): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    return value === '#' ? `#/components/schemas/${name}` : value.replace('#/$defs/', `#/components/schemas/${name}.`);
  });
  return JSON.parse(text) as JsonSchema; // what has just been written
}

function routed(route: Route, operation: AnyOperation, language: Language, components: Components): Json {
  const schema = inputSchema(operation);
  const { properties = {}, required = [] } = schema;
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const reads = route.method === 'GET' || route.method === 'DELETE';
  const hidden = new Set([...inPath, ...hiddenFields(operation), ...(route.tag === undefined ? [] : ['match'])]);
  const rest = Object.entries(properties).filter(([field]) => !hidden.has(field));
  const parameters = [
    ...inPath.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: inline(properties[name] ?? { type: 'string' }, operation, components),
    })),
    ...(reads ? rest : []).map(([name, field]) => ({
      name: name === route.cursor ? 'cursor' : name,
      in: 'query',
      required: required.includes(name) && name !== route.cursor,
      schema:
        name === route.cursor ? { type: 'string', description: 'The `next` of the page before' } : inline(field, operation, components),
    })),
    ...(route.method === 'GET'
      ? []
      : [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 255 } }]),
    ...(route.tag !== undefined && route.method !== 'GET' ? [{ name: 'If-Match', in: 'header', schema: { type: 'string' } }] : []),
  ];
  return {
    operationId: `${route.method.toLowerCase()}_${route.path.replace(/^\/api\//, '').replace(/[^a-z]+/gi, '_')}_${operation.name.replace(/\W/g, '_')}`,
    tags: [route.path.split('/')[2] ?? 'muster'],
    summary: operation.summary[language],
    description: `${operation.name} · ${operation.privilege}`,
    parameters,
    ...(reads
      ? {}
      : {
          requestBody: body(
            operation,
            Object.fromEntries(rest),
            required.filter((field) => !hidden.has(field)),
            schema,
            components,
          ),
        }),
    responses: {
      [String(route.status ?? 200)]: answer(operation, route.file === true ? 'file' : 'json', components),
      default: PROBLEM_RESPONSE,
    },
  };
}

function byName(operation: AnyOperation, language: Language, components: Components): Json {
  const schema = inputSchema(operation);
  const hidden = new Set(hiddenFields(operation));
  const rest = Object.entries(schema.properties ?? {}).filter(([field]) => !hidden.has(field));
  const required = (schema.required ?? []).filter((field) => !hidden.has(field));
  return {
    operationId: operation.name.replace(/\W/g, '_'),
    tags: ['operations'],
    summary: operation.summary[language],
    description: operation.privilege,
    parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 255 } }],
    requestBody: body(operation, Object.fromEntries(rest), required, schema, components),
    responses: {
      200: answer(operation, localPathsOf(operation).writes === undefined ? 'json' : 'either', components),
      default: PROBLEM_RESPONSE,
    },
  };
}

/** Fields that no caller sets. */
function hiddenFields(operation: AnyOperation): readonly string[] {
  const { reads = [], writes, named = {} } = localPathsOf(operation);
  return [...reads, ...(writes === undefined ? [] : [writes]), ...Object.keys(named)];
}

/** A field's schema; what it refers to is found among the operation's components. */
function inline(field: JsonSchema, operation: AnyOperation, components: Components): JsonSchema {
  components.reference(inputName(operation), () => inputSchema(operation));
  return rename(field, inputName(operation));
}

function inputName(operation: AnyOperation): string {
  return `${operation.name}.input`;
}

function body(operation: AnyOperation, properties: Json, required: readonly string[], whole: JsonSchema, components: Components): Json {
  const { reads = [], named = {} } = localPathsOf(operation);
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, inline(field as JsonSchema, operation, components)]),
  );
  const closed = 'additionalProperties' in whole ? { additionalProperties: whole['additionalProperties'] } : {};
  const json = { type: 'object', properties: fields, ...(required.length === 0 ? {} : { required }), ...closed };
  const files = Object.fromEntries(
    [...reads, ...Object.keys(named)].map((name) => [name, { type: 'string', contentMediaType: 'application/octet-stream' }]),
  );
  return {
    required: required.length > 0,
    content: {
      'application/json': { schema: json },
      ...(Object.keys(files).length === 0
        ? {}
        : {
            'multipart/form-data': {
              schema: {
                type: 'object',
                properties: { input: { type: 'string', contentMediaType: 'application/json', contentSchema: json }, ...files },
              },
            },
          }),
    },
  };
}

/** Of files that operations write, by what they end in where nothing else is asked for. */
const FILE_TYPES: Readonly<Record<string, string>> = { pdf: 'application/pdf', 'alma-xml': 'application/xml' };

function answer(operation: AnyOperation, kind: 'json' | 'file' | 'either', components: Components): Json {
  const json = { 'application/json': { schema: components.reference(`${operation.name}.output`, () => outputSchema(operation)) } };
  const bytes = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } };
  const type = FILE_TYPES[localPathsOf(operation).ending ?? ''] ?? 'text/csv';
  return { description: 'Done', content: { ...(kind === 'json' ? {} : { [type]: bytes }), ...(kind === 'file' ? {} : json) } };
}
