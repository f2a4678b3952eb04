/**
 * What a backup is: a gzipped tar. First `muster.json`, the manifest; then each table in pieces of COPY's
 * text form, `tables/NAME/0000`, `0001` …, which make it whole when put behind each other; then files of
 * the data directory, `files/PATH`; last `end.json` with the number of rows of each table, without which a
 * backup is not whole and nothing of it is taken.
 */
import { z } from 'zod';

export const FORMAT = 1;

const name = z.string().regex(/^[a-z][a-z0-9_]*$/);

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  madeAt: z.iso.datetime(),
  /** Of the server that it was made on. */
  postgres: z.string(),
  migrations: z.array(z.object({ number: z.int().positive(), name: z.string(), sha256: z.string() })).min(1),
  tables: z.array(z.object({ name, columns: z.array(z.string().min(1)).min(1).readonly() })).min(1),
  sequences: z.array(
    z.object({
      name,
      last: z
        .string()
        .regex(/^-?\d+$/)
        .nullable(),
    }),
  ),
  /** First days of the months that the journal has rows of. */
  months: z.array(z.iso.date()),
});
export type Manifest = z.output<typeof manifestSchema>;

export const endSchema = z.object({ rows: z.record(z.string(), z.int().min(0)), files: z.int().min(0) });
export type End = z.output<typeof endSchema>;
