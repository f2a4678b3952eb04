import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Json, jsonOfXml, readXmlDocument } from '../../feeds/index.ts';
import { AlmaError } from './errors.ts';
import { SHAPES } from './shapes.ts';

/** Bodies arrive as bytes whatever they claim to be: clients send JSON's content type with an empty body, or none at all. */
export function acceptAnyBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Whether the request carries anything; `null` with DELETE is nothing. */
export function hasBody(request: FastifyRequest): boolean {
  const text = textOf(request.body)?.trim();
  return text !== undefined && text !== '' && text !== 'null';
}

function textOf(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body) || !isUtf8(body)) return undefined;
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/**
 * The body in the JSON shape: JSON or XML by its Content-Type, without one by its first character. In
 * XML the root element has to be `root`, every value is text, and lists are without their wrappers.
 * @throws AlmaError with `invalidCode` when it is neither.
 */
export function readAlma(request: FastifyRequest, root: string, invalidCode = '402119'): Json {
  const text = textOf(request.body);
  if (text === undefined || text.trim() === '') throw new AlmaError(invalidCode, 'No valid XML or JSON was given.');
  return isXml(request, text) ? readXml(text, root, invalidCode) : readJson(text, root, invalidCode);
}

function isXml(request: FastifyRequest, text: string): boolean {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/[/+]xml$/.test(type)) return true;
  if (/[/+]json$/.test(type)) return false;
  return text.trimStart().startsWith('<');
}

function readJson(text: string, root: string, invalidCode: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AlmaError(invalidCode, `The ${root} object is not valid JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AlmaError(
      invalidCode,
      `Cannot deserialize value of type \`${root}\` from ${Array.isArray(value) ? 'Array' : 'scalar'} value.`,
    );
  }
  return value as Json;
}

function readXml(text: string, root: string, invalidCode: string): Json {
  const element = readXmlDocument(text);
  if (element === undefined || element.name !== root) throw new AlmaError(invalidCode, 'No valid XML was given.');
  return jsonOfXml(element, SHAPES[root] ?? {});
}
