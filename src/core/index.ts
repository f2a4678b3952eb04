export { todayIn } from './clock.ts';
export type { Actor, ActorRole, Context, Database, Doorbell, Progress, Queryable } from './context.ts';
export { AppError } from './errors.ts';
export { type AuditEntry, type Operation, operation, parseInput, problemsOf } from './operation.ts';
export { PRIVILEGES, type Privilege } from './privileges.ts';
export { type Catalogue, type Language, say, sayAny, type Text, type TextCode, type TextParams, texts } from './texts/index.ts';
