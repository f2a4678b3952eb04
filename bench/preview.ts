/**
 * The preview (counts, warnings and the first page of differences) against SQL written by hand that
 * gives the same counts.
 *
 *     npm run bench -- preview [--users 1000000] [--rounds 3]
 */
import sql from 'sql-template-tag';
import { previewJob } from '../src/runs/index.ts';
import { EXPIRY, GROUP, NOTE, PLAN } from './support/plan.ts';
import { median, options, rounds, secondsOf } from './support/rounds.ts';
import { type Copy, withServer } from './support/server.ts';

const { users, rounds: count } = options({ users: 1_000_000, rounds: 3 });
const plan = { ...PLAN, notify: { type: 'GENERAL_NOTICE' } };

/** The counts of the plan's three changes, its two warnings, and who could not be written to. */
async function byHand(copy: Copy): Promise<number> {
  const { rows } = await copy.db.pool.query<{ changed: number }>(sql`
    select count(*)::integer as members,
      count(*) filter (where x.expiry or x.grp or x.block)::integer as changed,
      count(*) filter (where x.expiry)::integer as expiry, count(*) filter (where x.grp)::integer as grp, count(*) filter (where x.block)::integer as block,
      count(*) filter (where x.external)::integer as protected, count(*) filter (where x.purge)::integer as purge,
      count(*) filter (where not x.email and not x.out)::integer as no_email, count(*) filter (where x.email and not x.out)::integer as letters,
      count(*) filter (where x.out)::integer as opted_out
    from (
      select u.expiry_date is distinct from ${EXPIRY}::date as expiry, u.user_group is distinct from ${GROUP} as grp,
        not exists (select from user_blocks b where b.user_id = u.id and b.description = '02-GLOBAL' and b.note = ${NOTE} and b.status = 'ACTIVE') as block,
        u.account_type = 'EXTERNAL' as external, ${EXPIRY}::date > u.purge_date as purge,
        exists (select from user_emails e where e.user_id = u.id and mail_address(e.address) is not null) as email,
        exists (select from user_letter_preferences p where p.user_id = u.id and p.code = 'GENERAL_NOTICE' and not p.value) as out
      from users u) x`);
  return rows[0]?.changed ?? 0;
}

await withServer(async (server) => {
  const copy = await server.copy(await server.library(users));
  await copy.db.pool.query('vacuum (analyze)');
  const taken = await rounds(count, {
    preview: () =>
      secondsOf(async () => {
        const preview = await previewJob.run(copy.ctx, previewJob.input.parse({ set: 'everyone', plan, page: { limit: 25 } }));
        if (preview.members !== users || preview.users.length !== 25) throw new Error('the preview is not of everybody');
      }),
    by_hand: () =>
      secondsOf(async () => {
        if ((await byHand(copy)) === 0) throw new Error('nothing was counted');
      }),
  });
  await copy.drop();
  console.log(`preview ratio=${(median(taken.preview) / median(taken.by_hand)).toFixed(2)}`);
});
