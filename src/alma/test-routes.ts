import type { FastifyInstance } from 'fastify';
import type { App } from '../app/index.ts';
import { declareSetting, readSetting } from '../core/index.ts';
import { escapeText } from '../feeds/index.ts';
import { z } from 'zod';

export const INSTITUTION = declareSetting({
  name: 'alma.institution',
  label: {
    en: 'Code of the institution that the Alma-compatible API tells',
    de: 'Code der Einrichtung, den die Alma-kompatible API nennt',
  },
  schema: z.string().regex(/^[A-Za-z0-9_]{1,50}$/),
  default: '01MUSTER_INST',
  privilege: 'settings:write',
});

/** Where clients try their key. XML even when JSON is asked for, as Alma has it. */
export function testRoutes(server: FastifyInstance, app: App): void {
  for (const area of ['users', 'conf']) {
    for (const path of [`/${area}/operation/test`, `/${area}/test`]) {
      for (const url of [path, `${path}/`]) {
        server.route({
          method: ['GET', 'POST'],
          url,
          handler: async (request, reply) => {
            const institution = await readSetting(app.db.pool, INSTITUTION);
            return reply
              .header('content-type', 'application/xml;charset=UTF-8')
              .send(
                `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><test>${request.method} - OK - institutionCode: ${escapeText(institution)}</test>`,
              );
          },
        });
      }
    }
  }
}
