/** The OpenAPI 3.1 document of the Alma-compatible API: what Muster answers of Alma's addresses, in words of its own. */
import { z } from 'zod';
import type { Language, Text } from '../core/index.ts';
import { showUser } from '../feeds/index.ts';

type Json = Readonly<Record<string, unknown>>;

interface Described {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly summary: Text;
  /** Parameters of the query, by name; Alma's others are taken and ignored. */
  readonly query?: Readonly<Record<string, Json>>;
  /** What the body is, as the root element of its XML. */
  readonly body?: string;
  /** The same of the answer; without it 204. */
  readonly answer?: string;
}

const text: Json = { type: 'string' };
const flag: Json = { type: 'boolean' };
const PAGE = { limit: { type: 'integer', minimum: 0, maximum: 100, default: 10 }, offset: { type: 'integer', minimum: 0, default: 0 } };
const ID_TYPE = { user_id_type: text };
const choice = (...values: readonly string[]): Json => ({ type: 'string', enum: values });

const TRY: Text = { en: 'Tells whether the key is good', de: 'Sagt, ob der Schlüssel gilt' };
const LISTED: Json = { type: 'string', description: 'Separated by commas' };

export const ALMA_ROUTES: readonly Described[] = [
  ...['/users', '/conf'].flatMap((area) =>
    ['/operation/test', '/test'].flatMap((path) =>
      (['get', 'post'] as const).map((method): Described => ({ path: area + path, method, summary: TRY, answer: 'status' })),
    ),
  ),
  {
    path: '/users',
    method: 'get',
    summary: { en: 'Lists users', de: 'Listet Benutzer auf' },
    query: { q: text, order_by: LISTED, expand: choice('none', 'full'), modify_date_from: { type: 'string', format: 'date' }, ...PAGE },
    answer: 'users',
  },
  { path: '/users', method: 'post', summary: { en: 'Creates a user', de: 'Legt einen Benutzer an' }, body: 'user', answer: 'user' },
  {
    path: '/users/{id}',
    method: 'get',
    summary: { en: 'Reads a user', de: 'Liest einen Benutzer' },
    query: { ...ID_TYPE, view: choice('full', 'brief'), expand: LISTED },
    answer: 'user',
  },
  {
    path: '/users/{id}',
    method: 'put',
    summary: {
      en: 'Replaces a user; what the record leaves out is emptied, but roles stay',
      de: 'Ersetzt einen Benutzer; was der Datensatz nicht nennt, wird geleert, doch Rollen bleiben',
    },
    query: { ...ID_TYPE, override: LISTED, recalculate_roles: flag },
    body: 'user',
    answer: 'user',
  },
  {
    path: '/users/{id}',
    method: 'post',
    summary: {
      en: 'Tells whether a password is right (op=auth; the password in the header Exl-User-Pw)',
      de: 'Sagt, ob ein Passwort stimmt (op=auth; das Passwort in der Kopfzeile Exl-User-Pw)',
    },
    query: { ...ID_TYPE, op: choice('auth') },
  },
  { path: '/users/{id}', method: 'delete', summary: { en: 'Deletes a user', de: 'Löscht einen Benutzer' }, query: ID_TYPE },
  {
    path: '/users/{id}/personal-data',
    method: 'get',
    summary: { en: 'Everything that is kept about a user', de: 'Alles, was über einen Benutzer gespeichert ist' },
    query: ID_TYPE,
    answer: 'personal_data',
  },
  {
    path: '/users/ME',
    method: 'get',
    summary: { en: 'The record of the key’s owner', de: 'Der Datensatz des Schlüsselinhabers' },
    answer: 'user',
  },
  ...(
    [
      ['loans', 'item_loans', { en: 'Loans of a user', de: 'Ausleihen eines Benutzers' }],
      ['requests', 'user_requests', { en: 'Requests of a user', de: 'Bestellungen eines Benutzers' }],
      ['fees', 'fees', { en: 'Fees of a user', de: 'Gebühren eines Benutzers' }],
    ] as const
  ).map(
    ([path, answer, summary]): Described => ({
      path: `/users/{id}/${path}`,
      method: 'get',
      summary,
      query: { ...ID_TYPE, ...PAGE },
      answer,
    }),
  ),

  {
    path: '/conf/sets',
    method: 'get',
    summary: { en: 'Lists sets', de: 'Listet Sets auf' },
    query: { content_type: text, set_type: choice('ITEMIZED', 'LOGICAL'), set_origin: text, q: text, ...PAGE },
    answer: 'sets',
  },
  {
    path: '/conf/sets',
    method: 'post',
    summary: {
      en: 'Creates a set: itemized, logical, from a logical one, or out of two',
      de: 'Legt ein Set an: aus Kennungen, aus einem Filter, aus einem gefilterten oder aus zweien',
    },
    query: { combine: choice('AND', 'OR', 'NOT'), set1: text, set2: text, from_logical_set: text },
    body: 'set',
    answer: 'set',
  },
  { path: '/conf/sets/{set}', method: 'get', summary: { en: 'Reads a set', de: 'Liest ein Set' }, answer: 'set' },
  { path: '/conf/sets/{set}', method: 'put', summary: { en: 'Changes a set', de: 'Ändert ein Set' }, body: 'set', answer: 'set' },
  {
    path: '/conf/sets/{set}',
    method: 'post',
    summary: {
      en: 'Adds, removes or replaces members, up to 1000 a call',
      de: 'Fügt Mitglieder hinzu, entfernt oder ersetzt sie, bis zu 1000 je Aufruf',
    },
    query: { op: choice('add_members', 'delete_members', 'replace_members'), id_type: text, fail_on_invalid_id: flag },
    body: 'set',
    answer: 'set',
  },
  { path: '/conf/sets/{set}', method: 'delete', summary: { en: 'Deletes a set', de: 'Löscht ein Set' } },
  {
    path: '/conf/sets/{set}/members',
    method: 'get',
    summary: { en: 'Members of a set', de: 'Mitglieder eines Sets' },
    query: PAGE,
    answer: 'members',
  },

  {
    path: '/conf/jobs',
    method: 'get',
    summary: { en: 'Lists jobs', de: 'Listet Prozesse auf' },
    query: { type: text, category: text, ...PAGE },
    answer: 'jobs',
  },
  { path: '/conf/jobs/{job}', method: 'get', summary: { en: 'Reads a job', de: 'Liest einen Prozess' }, answer: 'job' },
  {
    path: '/conf/jobs/{job}',
    method: 'post',
    summary: {
      en: 'Starts M148, “Update/Notify Users”, as a run of Muster’s',
      de: 'Startet M148, „Update/Notify Users“, als Lauf in Muster',
    },
    query: { op: choice('run') },
    body: 'job',
    answer: 'job',
  },
  {
    path: '/conf/jobs/{job}/instances',
    method: 'get',
    summary: { en: 'Runs of a job', de: 'Läufe eines Prozesses' },
    query: { status: text, submit_date_from: text, submit_date_to: text, ...PAGE },
    answer: 'job_instances',
  },
  {
    path: '/conf/jobs/{job}/instances/{instance}',
    method: 'get',
    summary: { en: 'A run: progress, counters, status', de: 'Ein Lauf: Fortschritt, Zähler, Status' },
    answer: 'job_instance',
  },
  {
    path: '/conf/jobs/{job}/instances/{instance}/events',
    method: 'get',
    summary: { en: 'What a run did to each user', de: 'Was ein Lauf mit jedem Benutzer getan hat' },
    query: { type: text, ...PAGE },
    answer: 'job_events',
  },

  {
    path: '/conf/code-tables',
    method: 'get',
    summary: { en: 'Lists code tables', de: 'Listet Codetabellen auf' },
    query: PAGE,
    answer: 'code_tables',
  },
  {
    path: '/conf/code-tables/{table}',
    method: 'get',
    summary: { en: 'Codes of a table', de: 'Codes einer Tabelle' },
    query: { lang: text },
    answer: 'code_table',
  },
  {
    path: '/conf/letters',
    method: 'get',
    summary: { en: 'Lists letters', de: 'Listet Briefe auf' },
    query: { type: text, ...PAGE },
    answer: 'letters',
  },
  { path: '/conf/letters/{letter}', method: 'get', summary: { en: 'Reads a letter', de: 'Liest einen Brief' }, answer: 'letter' },
  {
    path: '/conf/letters/{letter}',
    method: 'put',
    summary: { en: 'Changes a letter', de: 'Ändert einen Brief' },
    body: 'letter',
    answer: 'letter',
  },
  { path: '/conf/general', method: 'get', summary: { en: 'About the institution', de: 'Über die Einrichtung' }, answer: 'general' },
  { path: '/conf/libraries', method: 'get', summary: { en: 'Lists libraries', de: 'Listet Bibliotheken auf' }, answer: 'libraries' },
  { path: '/conf/libraries/{library}', method: 'get', summary: { en: 'Reads a library', de: 'Liest eine Bibliothek' }, answer: 'library' },
  {
    path: '/conf/libraries/{library}/circ-desks',
    method: 'get',
    summary: { en: 'Circulation desks of a library', de: 'Ausleihtheken einer Bibliothek' },
    answer: 'circ_desks',
  },
  {
    path: '/conf/departments',
    method: 'get',
    summary: { en: 'Departments; there are none', de: 'Abteilungen; es gibt keine' },
    answer: 'departments',
  },
];

const KNOWN: ReadonlySet<string> = new Set(ALMA_ROUTES.map(({ method, path }) => `${method} ${path}`));

/** A route that the document does not have is a mistake of the program. `url` is as Fastify has it, below /almaws/v1. */
export function requireDescribed(method: string, url: string): void {
  const path = url.replace(/:(\w+)/g, '{$1}').replace(/\/$/, '');
  if (!KNOWN.has(`${method.toLowerCase()} ${path}`)) throw new Error(`The Alma-compatible API has no description of ${method} ${url}.`);
}

const ERRORS: Json = {
  type: 'object',
  properties: {
    errorsExist: { type: 'boolean' },
    errorList: {
      type: 'object',
      properties: {
        error: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              errorCode: { type: 'string', description: 'Alma’s number; decide by this' },
              errorMessage: text,
              trackingId: text,
            },
          },
        },
      },
    },
  },
};

/** The document for a server that is reached at `url`, in the words of `language`. */
export function almaDocumentOf(url: string, language: Language, version: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ALMA_ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: described(route, language) };
  return {
    openapi: '3.1.0',
    info: {
      title: language === 'de' ? 'Muster, Alma-kompatible API' : 'Muster, Alma-compatible API',
      version,
      description:
        language === 'de'
          ? 'Für Programme, die Bibliotheken schon haben: JSON oder XML, nach `Accept` oder `format`.'
          : 'For programs that libraries already have: JSON or XML, by `Accept` or `format`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${url}/almaws/v1` }],
    security: [{ key: [] }, { keyQuery: [] }],
    paths,
    components: {
      schemas: { errors: ERRORS, user: userSchema() },
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`apikey KEY`' },
        keyQuery: { type: 'apiKey', in: 'query', name: 'apikey' },
      },
    },
  };
}

function userSchema(): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(showUser.output, {
    io: 'output',
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return schema;
}

function described(route: Described, language: Language): Json {
  const { path, method, summary, query = {}, body, answer } = route;
  const area = path.split('/')[1] === 'users' ? 'users' : (path.split('/')[2] ?? 'conf');
  return {
    operationId: `${method}${path.replace(/[{}]/g, '').replace(/[^a-z]+/gi, '_')}`,
    tags: [area],
    summary: summary[language],
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map((match) => ({ name: match[1], in: 'path', required: true, schema: text })),
      ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
      { name: 'format', in: 'query', schema: choice('json', 'xml') },
    ],
    ...(body === undefined ? {} : { requestBody: { required: body === 'user', content: contentOf(body) } }),
    responses: {
      ...(answer === undefined ? { 204: { description: 'Done' } } : { 200: { description: answer, content: contentOf(answer) } }),
      400: { description: 'What went wrong, in Alma’s numbers', content: contentOf('errors') },
      429: { description: 'More than the thresholds allow' },
    },
  };
}

function contentOf(name: string): Json {
  const schema = name === 'user' || name === 'errors' ? { $ref: `#/components/schemas/${name}` } : { type: 'object' };
  // Trying a key is answered in XML whatever was asked for.
  return { ...(name === 'status' ? {} : { 'application/json': { schema } }), 'application/xml': { schema: { type: 'string' } } };
}
