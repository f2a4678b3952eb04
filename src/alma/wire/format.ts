/** JSON or XML: which one a client wants, and how Alma names them. */
import type { FastifyRequest } from 'fastify';

export type AlmaFormat = 'json' | 'xml';

/** To the letter: some clients compare these texts. */
export const CONTENT_TYPES: Readonly<Record<AlmaFormat, string>> = {
  json: 'application/json;charset=UTF-8',
  xml: 'application/xml;charset=UTF-8',
};

/** The format of the answer: `format=` wins, else what Accept names and likes best, else XML, as Alma has it. */
export function formatOf(request: FastifyRequest): AlmaFormat {
  const asked = (request.query as Readonly<Record<string, unknown>> | undefined)?.['format']; // Fastify leaves the type to the route
  const word = typeof asked === 'string' ? asked.toLowerCase() : '';
  if (word === 'json' || word === 'xml') return word;
  return acceptedFormat(request.headers.accept ?? '');
}

/** A type that is named comes before one that only a wildcard allows. */
export function acceptedFormat(accept: string): AlmaFormat {
  let best: AlmaFormat = 'xml';
  let liked = 0;
  for (const range of accept.slice(0, 1_000).split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = /^(?:application|text)\/(?:[a-z.]+\+)?json$/.test(type)
      ? 'json'
      : /^(?:application|text)\/(?:[a-z.]+\+)?xml$/.test(type)
        ? 'xml'
        : undefined;
    if (format === undefined) continue;
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (weight > liked) {
      best = format;
      liked = weight;
    }
  }
  return best;
}
