import type { TextCode } from '../core/index.ts';

/** Codes whose status their ending does not tell. */
const STATUS: Readonly<Partial<Record<string, number>>> = {
  'access.denied': 403,
  'access.no_session': 401,
  'access.bad_key': 401,
  'access.bad_credentials': 401,
  'access.reserved_name': 403,
  'access.locked': 429,
  'access.csrf': 403,
  'access.account_ended': 403,
  'access.busy': 503,
  'access.link_ended': 410,
  'access.outranked': 403,
  'access.own_credentials': 403,
  'access.key_exceeds': 403,
  'access.no_such_session': 404,
  'access.no_such_key': 404,
  'access.oidc_stale': 400,
  'access.oidc_declined': 403,
  'access.oidc_no_user': 403,
  'access.provider_unreachable': 502,
  'access.own_approval': 403,
  'oversight.only_users': 403,
  'oversight.not_waiting': 409,
  'oversight.needs_approval': 409,
  'oversight.members_differ': 409,
  'privacy.confirm_erasure': 428,
  'privacy.purge_number': 428,
  'privacy.own_record': 403,
  'privacy.outranks': 403,
  'privacy.not_a_user': 403,
  'privacy.open_circulation': 409,
  'privacy.open_runs': 409,
  'privacy.cannot_be_undone': 409,
  'privacy.journal_dropped': 409,
  'access.last_administrator': 409,
  'runs.guard': 428,
  'runs.needs_confirmation': 428,
  'runs.members_changed': 409,
  'runs.plan_changed': 409,
  'runs.wrong_state': 409,
  'runs.still_running': 409,
  'runs.not_undoable': 409,
  'runs.set_gone': 409,
  'sets.name_taken': 409,
  'sets.in_use': 409,
  'sets.needed_by_run': 409,
  'sets.not_itemized': 409,
  'sets.not_logical': 409,
  'sets.not_yours': 403,
  'sets.changed': 412,
  'users.changed': 412,
  'users.ambiguous_id': 409,
  'input.invalid': 422,
  'db.unreachable': 503,
  'http.not_signed_in': 401,
  'http.password_change_first': 403,
  'http.no_route': 404,
  'http.unknown_operation': 404,
  'http.bad_request': 400,
  'http.address_too_long': 414,
  'http.bad_json': 400,
  'http.body_too_large': 413,
  'http.media_type': 415,
  'http.too_slow': 408,
  'http.too_many_requests': 429,
  'http.too_many_streams': 503,
  'http.busy': 503,
  'http.unavailable': 503,
  'http.internal': 500,
  'http.conflict': 409,
  'http.idempotency_in_progress': 409,
  'http.idempotency_interrupted': 409,
  'http.idempotency_not_kept': 409,
  'http.match_invalid': 400,
  'http.local_only': 403,
};

/** Faults of the installation, not of the request. */
const INTERNAL = /^(?:db|queue|config|app|cli|usage)\./;

/** The HTTP status of an error: of its code, else of the code's ending, else 422, since what a person can act on is their input. */
export function statusOf(code: TextCode | (string & {})): number {
  const status = STATUS[code];
  if (status !== undefined) return status;
  if (/(?:[._])not_found$/.test(code)) return 404;
  if (INTERNAL.test(code)) return 500;
  if (/_(?:taken|exists|in_use)$/.test(code)) return 409;
  if (/\.not_(?:yours|permitted|allowed)$/.test(code)) return 403;
  return 422;
}
