/** The audit of what people do before they are anybody: signing in, links, forgotten passwords. */
import sql from 'sql-template-tag';
import { AppError, type Context } from '../../core/index.ts';

export interface Attempt {
  readonly operation: string;
  /** Primary id, when there is such a user; never what was typed, which may be a password. */
  readonly user: string | null;
  /** Who acted, when that is known to be the user. */
  readonly actor?: string;
  /** What it was refused for; left out: it was done. */
  readonly error?: unknown;
}

export async function recordAttempt(ctx: Context, attempt: Attempt): Promise<void> {
  const { error } = attempt;
  const outcome = error === undefined ? 'done' : error instanceof AppError ? 'refused' : 'failed';
  const code = error === undefined ? null : error instanceof AppError ? error.code : 'internal.error';
  await ctx.db.pool.query(sql`
    insert into audit (actor, source, operation, entity, entity_id, outcome, detail, address, request_id)
    values (${attempt.actor ?? ctx.actor.name}::text, ${ctx.source}::text, ${attempt.operation}::text, 'user', ${attempt.user}::text, ${outcome}::text,
      ${code === null ? null : JSON.stringify({ code })}::jsonb, ${ctx.origin?.address ?? null}::text, ${ctx.origin?.requestId ?? null}::text)`);
}
