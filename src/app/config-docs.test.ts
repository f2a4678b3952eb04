import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, VARIABLES } from './config.ts';
import type { Variable } from './variable.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operate/configure.md'), 'utf8');

/** Rows of the page's tables: | `NAME` | meaning | unless set | `example` | */
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.*?) \| `(.+)` \|$/gm)].map(
  ([, name = '', meaning = '', unset = '', example = '']) => ({
    name,
    meaning,
    unset,
    example,
  }),
);
const variables = Object.entries<Variable>(VARIABLES);
const rowOf = (name: string) => rows.find((row) => row.name === name);

describe('docs/operate/configure.md', () => {
  it('has every variable, once, and no other', () => {
    expect(rows.map((row) => row.name).toSorted()).toEqual(variables.map(([name]) => name).toSorted());
    // A row that the pattern above does not understand is not passed over.
    expect(page.match(/^\| `[A-Z_]+`/gm)?.length).toBe(variables.length);
  });

  it.each(variables)('%s: says whether it is secret, and its example is one', (name, variable) => {
    const row = rowOf(name);
    expect(row?.meaning.startsWith('*secret.*')).toBe(variable.secret === true);
    const file = `${name}_FILE=`;
    if (row?.example.startsWith(file)) expect(variable.secret).toBe(true);
    else expect(variable.schema.safeParse(row?.example)).toMatchObject({ success: true });
  });

  it('gives the values that hold unless they are set', () => {
    const config = readConfig({}, {});
    expect(rowOf('SMTP_TLS')?.unset).toBe(`\`${config.letters.smtp.tls}\``);
    expect(rowOf('SMTP_CONNECTIONS')?.unset).toBe(`\`${config.letters.smtp.connections}\``);
    expect(rowOf('MUSTER_HOST')?.unset).toContain(`\`${config.host}\``);
    expect(rowOf('MUSTER_HOLD_LETTERS')?.unset).toBe(config.letters.hold ? '`yes`' : '`no`');
  });
});
