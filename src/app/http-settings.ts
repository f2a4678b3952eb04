/** Settings of the HTTP server. They stand here so that a command, which loads no server, lists them too. */
import { z } from 'zod';
import { declareSetting } from '../core/index.ts';

export const UPLOAD_LIMIT = declareSetting({
  name: 'http.upload_megabytes',
  label: { en: 'Largest file that can be uploaded, in megabytes', de: 'Größte Datei, die hochgeladen werden kann, in Megabyte' },
  schema: z.number().int().min(1).max(100_000),
  default: 2_000,
  privilege: 'settings:write',
});

export const REQUESTS_PER_MINUTE = declareSetting({
  name: 'http.requests_per_minute',
  label: {
    en: 'Requests that one key, session or address may make in a minute; read when the server starts',
    de: 'Anfragen, die ein Schlüssel, eine Sitzung oder eine Adresse in der Minute stellen darf; gelesen beim Start des Servers',
  },
  schema: z.number().int().min(10).max(10_000_000),
  default: 60_000,
  privilege: 'settings:write',
});

export const REQUESTS_AT_ONCE = declareSetting({
  name: 'http.requests_at_once',
  label: {
    en: 'Requests that are worked on at the same time; read when the server starts',
    de: 'Anfragen, die gleichzeitig bearbeitet werden; gelesen beim Start des Servers',
  },
  schema: z.number().int().min(4).max(10_000),
  default: 200,
  privilege: 'settings:write',
});

export const BODY_MEGABYTES = declareSetting({
  name: 'http.body_megabytes',
  label: {
    en: 'Largest JSON body, in megabytes; read when the server starts',
    de: 'Größter JSON-Inhalt einer Anfrage, in Megabyte; gelesen beim Start des Servers',
  },
  schema: z.number().int().min(1).max(256),
  default: 16,
  privilege: 'settings:write',
});
