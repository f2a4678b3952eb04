import type { z } from 'zod';
import { AppError, type AuditEntry, type Context, type Operation, parseInput } from '../core/index.ts';
import { type AuditRow, writeAudit } from './audit-writer.ts';
import { hasPrivilege } from './roles.ts';

type Outcome = 'done' | 'refused' | 'failed';

/**
 * The one way to run an operation: checks the privilege, parses the input, runs, and writes the
 * audit. A refused attempt is written down too. The audit holds what the call was about and, when it
 * failed, the error's code; never input values, and never the words of an error (they may quote one).
 */
export async function perform<I extends z.ZodType, O extends z.ZodType>(
  ctx: Context,
  operation: Operation<I, O>,
  raw: unknown,
): Promise<z.output<O>> {
  if (!hasPrivilege(ctx.actor, operation.privilege)) {
    await audit(ctx, operation.name, 'refused', nothing(operation.name));
    throw new AppError('access.denied', { privilege: operation.privilege, actor: ctx.actor.name });
  }
  const input = await parseOrAudit(ctx, operation, raw);
  let output: z.output<O>;
  try {
    output = await operation.run(ctx, input);
  } catch (error) {
    const entry = operation.audit(input, undefined);
    // The first error is the one to tell; a database that is gone cannot take the audit either.
    await audit(ctx, operation.name, refused(error) ? 'refused' : 'failed', withCode(entry, error)).catch(() => undefined);
    throw error;
  }
  await audit(ctx, operation.name, 'done', operation.audit(input, output), operation.privilege.endsWith(':read'));
  return output;
}

async function parseOrAudit<I extends z.ZodType, O extends z.ZodType>(
  ctx: Context,
  operation: Operation<I, O>,
  raw: unknown,
): Promise<z.output<I>> {
  try {
    return parseInput(operation.input, raw);
  } catch (error) {
    await audit(ctx, operation.name, 'failed', withCode(nothing(operation.name), error));
    throw error;
  }
}

/** `set.create` is about a set, whichever it was. */
function nothing(name: string): AuditEntry {
  return { entity: name.split('.')[0] ?? name, id: null };
}

function refused(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith('access.');
}

function withCode(entry: AuditEntry, error: unknown): AuditEntry {
  const code = error instanceof AppError ? error.code : 'internal.error';
  return { ...entry, detail: { ...entry.detail, code } };
}

async function audit(ctx: Context, name: string, outcome: Outcome, entry: AuditEntry, reading = false): Promise<void> {
  const key = ctx.actor.kind === 'user' ? (ctx.actor.key?.id ?? null) : null;
  const row: AuditRow = {
    actor: ctx.actor.name,
    source: ctx.source,
    operation: name,
    entity: entry.entity,
    entity_id: entry.id === null ? null : String(entry.id),
    outcome,
    detail: entry.detail ?? null,
    key_id: key,
    address: ctx.origin?.address ?? null,
    request_id: ctx.origin?.requestId ?? null,
  };
  await writeAudit(ctx.db.pool, row, reading);
}
