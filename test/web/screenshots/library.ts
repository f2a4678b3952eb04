/** The library of the pictures: made of the same seed, so that a picture changes only when the page does. */
import type { App } from '../../../src/app/index.ts';
import { perform, setSetting } from '../../../src/access/index.ts';
import type { AnyOperation, Context } from '../../../src/core/index.ts';
import { generateUsers } from '../../../src/feeds/index.ts';
import { createSchedule, previewJob, startRun, undoRun } from '../../../src/runs/index.ts';
import { createSet } from '../../../src/sets/index.ts';

export interface Library {
  /** Sets by what they are. */
  readonly sets: { readonly graduates: number; readonly withoutMail: number; readonly expiring: number; readonly listed: number };
  readonly runs: { readonly done: number; readonly undone: number };
  /** Primary id of somebody with much in their record. */
  readonly user: string;
}

const USERS = 5_000;
const SEED = 7;

/** Enough for tests, in which nobody looks at how large the library is. */
export const FEW_USERS = 800;

export async function makeLibrary(app: App, users = USERS): Promise<Library> {
  const ctx = await app.contextFor(undefined, 'screenshots', 'en');
  const call = async <T>(operation: AnyOperation, input: object): Promise<T> => (await perform(ctx, operation, input)) as T; // the caller knows the operation
  await call(setSetting, { name: 'library.name', value: 'Seestadt Library' });
  await call(generateUsers, { count: users, seed: SEED });
  const graduates = await call<{ id: number; name: string }>(createSet, {
    name: 'Graduates of this year',
    private: false,
    where: 'user_group = "GRAD" and account_type = "EXTERNAL" and expiry_date < today and expiry_date >= today - 12 months',
  });
  const withoutMail = await call<{ id: number }>(createSet, { name: 'Without e-mail', private: false, where: 'has no email' });
  const expiring = await call<{ id: number }>(createSet, {
    name: 'Expires this year',
    private: false,
    where: 'expiry_date >= today and expiry_date < today + 12 months',
  });
  const { rows: some } = await app.db.pool.query<{ primary_id: string }>('select primary_id from users order by id limit 400');
  const listed = await call<{ id: number }>(createSet, {
    name: 'Reading room, winter term',
    description: 'Who signed up for a locker',
    private: false,
    ids: [...some.map((user) => user.primary_id), 's999001', some[3]?.primary_id ?? '', 's999002'],
  });
  const done = await run(app, ctx, graduates.name, 'Graduates keep their account', {
    changes: [
      { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
      { change: 'user_group', set: 'ALUMNI' },
      { change: 'expiry_date', shift: { years: 1 } },
    ],
    notify: { type: 'ACCOUNT_TYPE_CHANGED' },
  });
  const other = await run(app, ctx, 'Expires this year', 'Campus North for everybody', {
    changes: [{ change: 'campus_code', set: 'NORTH' }],
  }).catch(() => run(app, ctx, 'Expires this year', 'One more month', { changes: [{ change: 'expiry_date', shift: { months: 1 } }] }));
  await call(undoRun, { id: other, confirm: true });
  await finish(app);
  await run(app, ctx, 'Without e-mail', 'Purge a year later', { changes: [{ change: 'purge_date', shift: { years: 1 } }] });
  await call(createSchedule, {
    name: 'Alumni for another month',
    set: 'Graduates of this year',
    plan: { changes: [{ change: 'expiry_date', shift: { months: 1 } }] },
    cron: '0 6 1 * *',
  });
  // From here on a second person has to approve what is large.
  await call(setSetting, { name: 'approval', value: { above: 1_000 } });
  await run(app, ctx, 'Expires this year', 'Mark everybody who leaves', {
    changes: [{ change: 'job_description', set: 'leaves this year' }],
  });
  const { rows } = await app.db.pool.query<{ primary_id: string }>(
    `select u.primary_id from users u join journal j on j.user_id = u.id where j.run_id = $1 order by u.id limit 1`,
    [done],
  );
  return {
    sets: { graduates: graduates.id, withoutMail: withoutMail.id, expiring: expiring.id, listed: listed.id },
    runs: { done, undone: other },
    user: rows[0]?.primary_id ?? '',
  };
}

async function run(app: App, ctx: Context, set: string, name: string, plan: object): Promise<number> {
  const { digest } = (await perform(ctx, previewJob, { set, plan })) as { digest: string };
  const { id } = (await perform(ctx, startRun, { set, plan, digest, name, confirm: true })) as { id: number };
  await finish(app);
  return id;
}

/** No worker runs beside: the work is done here, the letters as well. */
async function finish(app: App): Promise<void> {
  while (await app.tasks.workOnce());
  while (await app.tasks.sendDue(new AbortController().signal));
}
