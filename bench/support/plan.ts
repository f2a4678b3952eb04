/** The plan that the benchmarks of the change engine share, and the bare SQL that does the same business writes. */
import sql from 'sql-template-tag';
import { showRun, startRun, workOnce } from '../../src/runs/index.ts';
import type { Copy } from './server.ts';

export const EXPIRY = '2031-03-31';
export const GROUP = 'ALUMNI';
export const NOTE = 'Please come to the desk.';

export const PLAN = {
  changes: [
    { change: 'expiry_date', set: EXPIRY },
    { change: 'user_group', set: GROUP },
    { change: 'block', add: { description: '02-GLOBAL', note: NOTE } },
  ],
};

/** Confirms the plan on everybody and works it off with two workers: freezing, journal, outcomes and progress included. */
export async function runPlan(copy: Copy, workers = 2, plan: object = PLAN, set = 'everyone'): Promise<number> {
  const { id } = await startRun.run(copy.ctx, startRun.input.parse({ set, plan, confirm: true }));
  await workAll(copy, workers);
  return id;
}

export async function workAll(copy: Copy, workers = 2): Promise<void> {
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (await workOnce(copy.ctx));
    }),
  );
}

/** The run did what the bare SQL does; a benchmark of something else would be worthless. */
export async function expectChanged(copy: Copy, id: number, users: number): Promise<void> {
  const report = await showRun.run(copy.ctx, { id });
  if (report.state !== 'COMPLETED_SUCCESS' || report.counts['changed'] !== users) {
    throw new Error(`run ${id} is ${report.state} with ${JSON.stringify(report.counts)}, not ${users} changed`);
  }
}

/** One session: one UPDATE of both columns, one INSERT of the blocks, in one transaction. */
export async function bareOneSession(copy: Copy): Promise<void> {
  await copy.db.transaction(async (tx) => {
    await tx.query(sql`update users set expiry_date = ${EXPIRY}::date, user_group = ${GROUP}`);
    await tx.query(sql`insert into user_blocks (user_id, description, note, created_by)
      select u.id, '02-GLOBAL', ${NOTE}, 'administrator' from users u`);
  });
}

/** The same, split by id over two sessions. */
export async function bareTwoSessions(copy: Copy): Promise<void> {
  const { rows } = await copy.db.pool.query<{ half: number }>(
    sql`select percentile_disc(0.5) within group (order by u.id) as half from users u`,
  );
  const half = Number(rows[0]?.half);
  const session = (where: ReturnType<typeof sql>) =>
    copy.db.transaction(async (tx) => {
      await tx.query(sql`update users u set expiry_date = ${EXPIRY}::date, user_group = ${GROUP} where ${where}`);
      await tx.query(sql`insert into user_blocks (user_id, description, note, created_by)
      select u.id, '02-GLOBAL', ${NOTE}, 'administrator' from users u where ${where}`);
    });
  await Promise.all([session(sql`u.id <= ${half}::bigint`), session(sql`u.id > ${half}::bigint`)]);
}
