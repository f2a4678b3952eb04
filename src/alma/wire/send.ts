import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Json, writeXml } from '../../feeds/index.ts';
import { CONTENT_TYPES, formatOf } from './format.ts';
import { SHAPES } from './shapes.ts';

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Answers 200 with the value as JSON or, under the root element `root` (see `SHAPES`), as XML. */
export function sendAlma(reply: FastifyReply, request: FastifyRequest, root: string, value: Json): void {
  const format = formatOf(request);
  void reply
    .code(200)
    .header('content-type', CONTENT_TYPES[format])
    .send(format === 'json' ? JSON.stringify(value) : XML_DECLARATION + writeXml(root, value, SHAPES[root] ?? {}));
}
