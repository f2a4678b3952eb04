import type { AnyOperation } from '../core/index.ts';

/**
 * Whether an answer may carry what is shown once only: a new key, a sign-in link, a password. Such an
 * answer is kept nowhere. A whole area is named rather than its verbs, so that a new verb is safe.
 */
export function carriesSecret(operation: AnyOperation): boolean {
  return operation.privilege.startsWith('access:') || operation.privilege === 'users:personal' || SECRET_AREA.test(operation.name);
}

const SECRET_AREA = /^(?:access|key|keys|sign_in|session|sessions|credential|webhook)\b|password|secret|link|authenticate/;
