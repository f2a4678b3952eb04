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
  default: 6_000,
  privilege: 'settings:write',
});
