/**
 * Writes the audit in groups: what comes while a group is being written goes into the next one, so that
 * many callers at once share a commit. Everybody waits for the group that holds their own entry: no
 * answer goes out before its entry is kept.
 */
import type { Queryable } from '../core/index.ts';

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

interface Waiting {
  readonly row: AuditRow;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Group {
  waiting: Waiting[];
  writing: boolean;
}

const GROUPS = new WeakMap<Queryable, { readonly reading: Group; readonly writing: Group }>();

const COLUMNS = 'actor, source, operation, entity, entity_id, outcome, detail, key_id, address, request_id';

const ROWS = `jsonb_to_recordset($1::jsonb) as x (actor text, source text, operation text, entity text, entity_id text,
  outcome text, detail jsonb, key_id bigint, address text, request_id text)`;

const INSERT = { name: 'muster audit', text: `insert into audit (${COLUMNS}) select ${COLUMNS} from ${ROWS}` };

/** The setting is the transaction's own, and it is looked at when that ends. */
const INSERT_LAZILY = {
  name: 'muster audit of reading',
  text: `with lazily as materialized (select set_config('synchronous_commit', 'off', true))
    insert into audit (${COLUMNS}) select ${COLUMNS} from ${ROWS} cross join lazily`,
};

/**
 * Resolves when the entry is kept. That somebody has looked at something (`reading`) is told to the
 * database without waiting for its disk: a crash of the machine, not of Muster, may lose the entries
 * of the last second or so, and a look-up takes a fraction of the time.
 */
export function writeAudit(pool: Queryable, row: AuditRow, reading: boolean): Promise<void> {
  const groups = GROUPS.get(pool) ?? { reading: { waiting: [], writing: false }, writing: { waiting: [], writing: false } };
  GROUPS.set(pool, groups);
  const group = reading ? groups.reading : groups.writing;
  return new Promise((done, failed) => {
    group.waiting.push({ row, done, failed });
    if (!group.writing) void writeGroups(pool, group, reading ? INSERT_LAZILY : INSERT);
  });
}

async function writeGroups(pool: Queryable, group: Group, insert: typeof INSERT): Promise<void> {
  group.writing = true;
  while (group.waiting.length > 0) {
    const batch = group.waiting;
    group.waiting = [];
    await writeBatch(pool, batch, insert);
  }
  group.writing = false;
}

async function writeBatch(pool: Queryable, batch: readonly Waiting[], insert: typeof INSERT): Promise<void> {
  try {
    await pool.query({ ...insert, values: [JSON.stringify(batch.map((each) => each.row))] });
    for (const each of batch) each.done();
  } catch (error) {
    if (batch.length === 1) batch[0]?.failed(error);
    // An entry that cannot be kept fails for itself alone.
    else for (const each of batch) await writeBatch(pool, [each], insert);
  }
}
