import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { useTestServer } from '../../test/support/http.ts';
import { OPERATIONS } from '../app/operations.ts';
import { ROUTES } from './routes.ts';

const test = useTestDatabase();
const http = useTestServer(test);

type Document = {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly summary: string; readonly operationId: string; readonly parameters?: readonly { name: string }[] }>
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
};

async function read(headers: Record<string, string> = {}): Promise<Document> {
  const answer = await fetch(`${http.url}/api/openapi.json`, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Document;
}

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const document = await read();
    const result = await new Validator().validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toBe('3.1.0');
  });

  it('has every address and every operation, each under a name of its own', async () => {
    const document = await read();
    for (const route of ROUTES) {
      expect(document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()], route.path).toBeDefined();
    }
    for (const name of OPERATIONS.keys()) expect(document.paths[`/api/operations/${name}`]?.['post'], name).toBeDefined();
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers to nothing that it does not have', async () => {
    const document = await read();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    const missing = references.filter((reference) => !(reference.replace('#/components/schemas/', '') in document.components.schemas));
    expect([...new Set(missing)]).toEqual([]);
    expect(references.length).toBeGreaterThan(50);
  });

  it('hides what no caller can set, and speaks the caller’s language', async () => {
    const document = await read({ 'accept-language': 'de' });
    const upload = JSON.stringify(document.paths['/api/users/import']?.['post']);
    expect(upload).toContain('multipart/form-data');
    const parameters = document.paths['/api/users/export']?.['get']?.parameters?.map((parameter) => parameter.name);
    expect(parameters).toContain('format');
    expect(parameters).not.toContain('file');
    expect(document.paths['/api/users/{user}']?.['get']?.summary).toBe(OPERATIONS.get('users.show')?.summary.de);
    expect(document.servers).toEqual([{ url: http.url }]);
  });

  it('can be read as a page that needs no other server and no script of its own', async () => {
    const page = await fetch(`${http.url}/api/docs/`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const address = new URL(file, page.url);
      expect(address.origin).toBe(http.url);
      expect((await fetch(address)).status, file).toBe(200);
    }
    expect(((await (await fetch(`${http.url}/api/docs/json`)).json()) as Document).paths['/api/users']).toBeDefined();
  });
});

describe('the document of the Alma-compatible API', () => {
  it('is valid, in both languages, and has a description of every route that there is', async () => {
    for (const language of ['en', 'de']) {
      const answer = await fetch(`${http.url}/almaws/openapi.json`, { headers: { 'accept-language': language } });
      const document = (await answer.json()) as Document;
      const result = await new Validator().validate(structuredClone(document));
      expect(result.errors ?? []).toEqual([]);
      expect(result.valid).toBe(true);
      expect(document.servers).toEqual([{ url: `${http.url}/almaws/v1` }]);
      // That no route is without one is looked after when routes are added; and there are no others.
      for (const [path, methods] of Object.entries(document.paths)) {
        for (const method of Object.keys(methods))
          expect(
            http.server.hasRoute({ method: method.toUpperCase() as 'GET', url: `/almaws/v1${path.replace(/\{(\w+)\}/g, ':$1')}` }),
            `${method} ${path}`,
          ).toBe(true);
      }
      const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
