/**
 * Writes the audit in groups, so that many callers at once share a commit. Everybody waits for the group
 * that holds their own entry: no answer goes out before its entry is kept.
 */
import { askTogether, InGroups, type Part, type Queryable } from '../core/index.ts';

export interface AuditRow {
  readonly actor: string;
  readonly source: string;
  readonly operation: string;
  readonly entity: string;
  readonly entity_id: string | null;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly detail: Readonly<Record<string, unknown>> | null;
  readonly key_id: number | null;
  readonly address: string | null;
  readonly request_id: string | null;
}

const GROUPS = new WeakMap<Queryable, InGroups<AuditRow, undefined>>();

/** Entries that one statement writes. */
const MOST = 1_000;

const COLUMNS = 'actor, source, operation, entity, entity_id, outcome, detail, key_id, address, request_id';

const RECORD = `x (actor text, source text, operation text, entity text, entity_id text,
  outcome text, detail jsonb, key_id bigint, address text, request_id text)`;

const INSERT = {
  name: 'muster audit',
  text: `insert into audit (${COLUMNS}) select ${COLUMNS} from jsonb_to_recordset($1::jsonb) as ${RECORD}`,
};

/** The setting is the transaction's own, and it is looked at when that ends. */
const LOOKED_AT: Part<AuditRow, undefined> = {
  name: 'looked at',
  with: `lazily as materialized (select set_config('synchronous_commit', 'off', true)),
    kept as (insert into audit (${COLUMNS})
      select ${COLUMNS} from jsonb_to_recordset($items::jsonb) as ${RECORD} cross join lazily)`,
  select: 'null::json',
  encode: (rows) => rows,
  decode: (_, rows) => rows.map(() => undefined),
};

/**
 * Resolves when the entry is kept. That somebody has looked at something (`reading`) is told to the
 * database without waiting for its disk: a crash of the machine, not of Muster, may lose the entries
 * of the last second or so, and a look-up takes a fraction of the time.
 */
export async function writeAudit(pool: Queryable, row: AuditRow, reading: boolean): Promise<void> {
  if (reading) return askTogether(pool, LOOKED_AT, row);
  const group = GROUPS.get(pool) ?? new InGroups((rows: readonly AuditRow[]) => insertAll(pool, rows), MOST);
  GROUPS.set(pool, group);
  return group.ask(row);
}

async function insertAll(pool: Queryable, rows: readonly AuditRow[]): Promise<readonly undefined[]> {
  await pool.query({ ...INSERT, values: [JSON.stringify(rows)] });
  return rows.map(() => undefined);
}
