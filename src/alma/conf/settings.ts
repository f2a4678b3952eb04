/** What a library may set about the job and the bodies under /conf. */
import { z } from 'zod';
import { declareSetting } from '../../core/index.ts';

const notification = z.union([z.strictObject({ reset: z.literal(true) }), z.strictObject({ type: z.string().min(1).max(100) })]);

export const M148_SETTING = declareSetting({
  name: 'alma.m148',
  label: {
    en: 'Alma’s job M148: what its field Title means, which feed owns users made external, notification types by Alma’s code',
    de: 'Almas Prozess M148: was das Feld Title bedeutet, welchem Zulieferer extern gewordene Benutzer gehören, Benachrichtigungstypen nach Almas Code',
  },
  schema: z.strictObject({
    title: z.enum(['job_category', 'user_title']).default('job_category'),
    externalId: z.string().trim().min(1).max(255).default('SIS'),
    notifications: z.record(z.string().min(1).max(100), notification).default({}),
  }),
  default: { title: 'job_category', externalId: 'SIS', notifications: {} },
  privilege: 'settings:write',
});

const limit = z.number().int().min(1).nullable();

export const JOB_THRESHOLDS = declareSetting({
  name: 'alma.job_thresholds',
  label: {
    en: 'Most jobs that programs may have running at once, and may start in an hour (Alma: 3 and 5); empty: no limit',
    de: 'Wie viele Prozesse Programme zugleich laufen lassen und je Stunde starten dürfen (Alma: 3 und 5); leer: unbegrenzt',
  },
  schema: z.strictObject({ running: limit, perHour: limit }),
  default: { running: null, perHour: null },
  privilege: 'settings:write',
});
