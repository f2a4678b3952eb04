/** What Muster says of a record, as Alma's errors of its users API. */
import { AppError } from '../../core/index.ts';
import { problemText, type RecordProblem, RecordRefused } from '../../feeds/index.ts';
import { AlmaError } from '../wire/index.ts';

/** A function that sees to it that the errors of `work` are those of the users API. */
export async function withUserErrors<T>(
  work: () => Promise<T>,
  key?: { readonly id: string; readonly type: string | undefined },
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw userError(error, key) ?? error;
  }
}

function userError(error: unknown, key: { readonly id: string; readonly type: string | undefined } | undefined): AlmaError | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === 'users.not_found' || error.code === 'users.merged' || error.code === 'users.ambiguous_id') {
    const id = key?.id ?? String((error.params as { readonly id?: unknown }).id ?? '');
    return key?.type === undefined
      ? new AlmaError('401861', `User with identifier ${id} was not found.`)
      : new AlmaError('401890', `User with identifier ${id} of type ${key.type} was not found.`);
  }
  if (error.code === 'feeds.record_refused' && error.cause instanceof RecordRefused) {
    const [problem] = error.cause.problems;
    return problem === undefined ? undefined : problemError(problem);
  }
  const code = BY_CODE[error.code];
  if (code === undefined) return undefined;
  const { value } = error.params as { readonly value?: unknown };
  return new AlmaError(code, SENTENCES[error.code]?.(String(value ?? '')) ?? error.message);
}

const BY_CODE: Readonly<Record<string, string>> = {
  'feeds.identifier_in_use': '401851',
  'feeds.external_id_unwanted': '401853',
  'feeds.external_id_missing': '401854',
  'feeds.account_type_unsupported': '401855',
  'feeds.account_type_change': '401857',
  'feeds.external_id_changed': '401858',
  'feeds.own_record': '401860',
  'feeds.user_not_yours': '401860',
  'feeds.role_not_yours': '401860',
  'feeds.field_closed': '401860',
  'access.last_administrator': '401860',
};

const SENTENCES: Readonly<Record<string, (value: string) => string>> = {
  'feeds.identifier_in_use': (value) => `An account with this identifier already exists: ${value}.`,
  'feeds.external_id_unwanted': () => 'External ID must be empty for an internal user.',
  'feeds.external_id_missing': () => 'External ID must be given for an external user.',
  'feeds.account_type_unsupported': (value) => `Account type ${value} is not supported.`,
  'feeds.account_type_change': (value) => `Account type of an external user cannot be changed to ${value}.`,
  'feeds.external_id_changed': () => 'External ID of an external user cannot be changed.',
  'feeds.role_not_yours': (value) => `Failed to update user: the API key may not give or take the role ${value}.`,
};

function problemError(problem: RecordProblem): AlmaError {
  const { field, code } = problem;
  const last = /([a-z_0-9]+)(?:\[\d+\])?$/.exec(field)?.[1] ?? field;
  const value = String(problem.params['value'] ?? '');
  switch (code) {
    case 'feeds.required':
      return new AlmaError('401664', `Mandatory field is missing: ${last}`);
    case 'feeds.record_shape':
      return new AlmaError('401652', shapeText(problem));
    case 'feeds.unknown_member':
      return new AlmaError('401652', `Unrecognized field "${last}" (${field}), not marked as ignorable.`);
    case 'feeds.unknown_code':
    case 'feeds.new_code':
      if (last === 'user_group' || field === 'UserGroups') return new AlmaError('401852', `User group ${value} is not valid.`);
      if (last === 'role_type') return new AlmaError('40166404', `Given field role_type has invalid value ${value}.`);
      if (last === 'account_type') return new AlmaError('401857', `Account type ${value} is not valid.`);
      return new AlmaError('401864', `Given field ${last} has invalid value ${value}.`);
    default:
      return new AlmaError('401652', `General Error - ${field}: ${problemText(problem)}`);
  }
}

/** A wrapped list, `user_note: { user_note: […] }`, is the usual case. */
function shapeText({ field, params }: RecordProblem): string {
  const token =
    params['found'] === 'an object' || params['found'] === 'object'
      ? 'Object value (token `JsonToken.START_OBJECT`)'
      : `${String(params['found'])} value`;
  return params['expected'] === 'a list' || params['expected'] === 'a list of parameters'
    ? `Cannot deserialize value of type \`java.util.ArrayList<com.exlibris.alma.sharedmodels.user.${className(field)}>\` from ${token} (through reference chain: User["${field}"])`
    : `Cannot deserialize value of type \`${params['expected'] === 'text' ? 'java.lang.String' : className(field)}\` from ${token} (through reference chain: User["${field}"])`;
}

function className(field: string): string {
  const name = /([a-z_0-9]+)(?:\[\d+\])?$/.exec(field)?.[1] ?? 'Object';
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
