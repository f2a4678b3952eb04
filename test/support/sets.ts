import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sql from 'sql-template-tag';
import { afterAll } from 'vitest';
import type { Actor, Context, Database, Rights } from '../../src/core/index.ts';

export const ADMINISTRATOR: Actor = { kind: 'administrator', name: 'administrator' };

/** These tests call operations behind the door, where only the name counts. */
const NO_RIGHTS: Rights = { privileges: [], grants: { all: false, roles: [] }, closed: [], editsStaff: false };

export function staff(name: string): Actor {
  return { kind: 'user', name, userId: 1, roles: [], rights: NO_RIGHTS };
}

export function contextOf(db: Database, actor: Actor = ADMINISTRATOR): Context {
  return {
    db,
    actor,
    source: 'test',
    language: 'en',
    timeZone: 'Europe/Berlin',
    dataDir: os.tmpdir(),
    doorbell: { ring: async () => undefined },
  };
}

/** A user with identifiers (`[type, value]`); answers the id. */
export async function addUser(db: Database, primaryId: string, identifiers: readonly (readonly [string, string])[] = []): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: number }>(sql`
      insert into users (primary_id, last_name) values (${primaryId}::text, ${primaryId}::text) returning id`);
    const id = rows[0]?.id;
    if (id === undefined) throw new Error('An insert returns its row.');
    await tx.query(sql`
      insert into user_identifiers (user_id, type, value)
      select ${id}::bigint, i.type, i.value
      from unnest(${identifiers.map(([type]) => type)}::text[], ${identifiers.map(([, value]) => value)}::text[]) as i (type, value)`);
    return id;
  });
}

/** Writes files for the tests of one file, into a directory that is removed after them. */
export function useFiles(): (name: string, content: string | Buffer) => string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'muster-sets-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  let count = 0;
  return (name, content) => {
    count += 1;
    const file = path.join(directory, `${count}-${name}`);
    writeFileSync(file, content);
    return file;
  };
}
