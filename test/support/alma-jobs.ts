import sql from 'sql-template-tag';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { PARAMETER_NAMES } from '../../src/alma/conf/m148-codes.ts';
import { ADMINISTRATOR } from '../../src/access/index.ts';
import type { Actor } from '../../src/core/index.ts';
import { userActor } from './actors.ts';
import { type AlmaAnswer, type AlmaBench, useAlma } from './alma-conf.ts';
import type { TestDatabase } from './database.ts';
import { type RunsBench, runsBench } from './runs.ts';

export type Values = Readonly<Record<string, unknown>>;

/** As the form of the job gives it out: all 72 names, unused unless said otherwise. */
export function m148Body(set: string, values: Values): { parameter: { name: { value: string }; value: unknown }[] } {
  const all = Object.fromEntries(
    PARAMETER_NAMES.map((name) => [name, /_Active$/.test(name) ? 'false' : /_Date_Value$/.test(name) ? '0' : 'Null']),
  );
  const given = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [/^(?:SEND_|job_name)/.test(name) ? name : `UPDATE_User_Information_${name}`, value]),
  );
  const values72 = {
    ...all,
    UPDATE_User_Information_FieldType_Value: 'BY_USER_ACCOUNT_TYPE',
    PRODUCT: 'alma',
    set_id: set,
    job_name: 'Null',
    ...given,
  };
  return { parameter: Object.entries(values72).map(([name, value]) => ({ name: { value: name }, value })) };
}

export interface JobsBench {
  readonly alma: Readonly<AlmaBench>;
  readonly bench: RunsBench;
  /** Starts M148 with all 72 parameters, unused unless said otherwise. */
  run(set: string, values: Values, more?: { readonly key?: string }): Promise<AlmaAnswer>;
  /** An itemized set; its number. */
  setOf(...ids: string[]): Promise<string>;
  /** The last part of the answer's link, as clients take the instance's number. */
  instanceOf(answer: AlmaAnswer): string;
  instance(id: string): Promise<Record<string, unknown>>;
  /** Starts, works, and reads the instance. */
  done(set: string, values: Values): Promise<Record<string, unknown>>;
  setting(name: string, value: unknown): Promise<unknown>;
}

/** Jobs over the Alma-compatible API, with three users that are new before every test: ann, ben (external), cem. */
export function useJobs(test: Readonly<TestDatabase>): JobsBench {
  const actors: Record<string, Actor> = { admin: ADMINISTRATOR };
  const alma = useAlma(test, () => actors);
  const bench = runsBench(test);

  const run = (set: string, values: Values, more?: { readonly key?: string }): Promise<AlmaAnswer> =>
    alma.call('POST', '/conf/jobs/M148?op=run', m148Body(set, values), more);

  async function setOf(...ids: string[]): Promise<string> {
    const answer = await alma.call('POST', '/conf/sets', {
      name: `of ${ids.join()} ${Math.random()}`,
      type: { value: 'ITEMIZED' },
      members: { member: ids.map((id) => ({ id })) },
    });
    return String(answer.json['id']);
  }

  /** The last part of the link, as clients take the instance's number. */
  function instanceOf(answer: AlmaAnswer): string {
    expect(answer.status, answer.text).toBe(200);
    const { link } = answer.json['additional_info'] as { link: string };
    expect(link.startsWith(`${alma.url}/conf/jobs/M148/instances/`)).toBe(true);
    return link.split('/').at(-1) ?? '';
  }

  const instance = async (id: string) => (await alma.call('GET', `/conf/jobs/M148/instances/${id}`)).json;

  /** Starts, works, and reads the instance. */
  async function done(set: string, values: Values): Promise<Record<string, unknown>> {
    const id = instanceOf(await run(set, values));
    await bench.work();
    return instance(id);
  }

  const setting = (name: string, value: unknown) =>
    test.db.pool.query(sql`insert into settings (name, value) values (${name}::text, ${JSON.stringify(value)}::jsonb)
      on conflict (name) do update set value = excluded.value`);

  beforeAll(async () => {
    actors['manager'] = await userActor(test.db.pool, ['21'], { name: 'manager', userId: 1_000_001 });
    actors['desk'] = await userActor(test.db.pool, ['32'], { name: 'desk', userId: 1_000_002 });
    const manager = actors['manager'];
    if (manager.kind === 'user') {
      actors['trusted'] = { ...manager, key: { id: 1, name: 'nightly', exemptFromGuard: true } };
      actors['plain'] = { ...manager, key: { id: 2, name: 'tool', exemptFromGuard: false } };
    }
  });

  beforeEach(async () => {
    await bench.users(
      {
        primary_id: 'ann',
        last_name: 'A',
        expiry_date: '2026-01-31',
        user_group: 'CITY',
        user_emails: [{ address: 'ann@example.org', preferred: true, types: ['personal'] }],
      },
      {
        primary_id: 'ben',
        last_name: 'B',
        account_type: 'EXTERNAL',
        status: 'INACTIVE',
        user_emails: [{ address: 'ben@example.org', preferred: true, types: ['personal'] }],
      },
      { primary_id: 'cem', last_name: 'C', campus_code: 'MED' },
    );
  });
  afterEach(async () => {
    await test.db.pool.query("delete from audit; delete from settings where name like 'alma%' or name in ('guard', 'approval')");
    await bench.clear();
  });
  return { alma, bench, run, setOf, instanceOf, instance, done, setting };
}
