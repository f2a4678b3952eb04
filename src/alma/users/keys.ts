import type { AlmaCall } from '../wire/index.ts';

export interface PathKey {
  readonly id: string;
  /** Type of identifier that the id is; undefined: primary id or any. */
  readonly type: string | undefined;
}

/** The user that the path names. */
export function keyOf(call: AlmaCall): PathKey {
  const type = call.query.text('user_id_type');
  return { id: call.path('id'), type: type === undefined || type.toLowerCase() === 'all_unique' ? undefined : type };
}

/** As operations take it. */
export function userInput(key: PathKey): { readonly user: string; readonly id_type?: string } {
  return { user: key.id, ...(key.type === undefined ? {} : { id_type: key.type }) };
}
