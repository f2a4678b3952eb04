/** For which of the set's users a change is meant, and as the `when` that a plan has. */
import type { FormValue } from '../../components/index.ts';

export type Condition =
  | { readonly kind: 'always' | 'if_empty' | 'if_not_empty' | 'earlier' | 'later' }
  /** A filter in its text form. */
  | { readonly kind: 'text'; readonly text: string };

const COMPARE = { earlier: '<', later: '>' } as const;

interface Conditioned {
  readonly change: string;
  readonly input: FormValue;
  readonly condition: Condition;
}

/** The `when` of a plan; undefined: for everybody. */
export function whenOf({ change, input, condition }: Conditioned): string | undefined {
  switch (condition.kind) {
    case 'always':
      return undefined;
    case 'if_empty':
    case 'if_not_empty':
      return condition.kind;
    case 'earlier':
    case 'later':
      return typeof input['set'] === 'string' && input['set'] !== '' ? `${change} ${COMPARE[condition.kind]} ${input['set']}` : undefined;
    case 'text':
      return condition.text.trim() === '' ? undefined : condition.text.trim();
  }
}

/** What a plan's `when` is here. A filter as JSON stays what it is: the server reads it as text, too. */
export function readCondition(when: unknown, change: string, input: FormValue): Condition {
  if (when === undefined || when === 'always') return { kind: 'always' };
  if (when === 'if_empty' || when === 'if_not_empty') return { kind: when };
  if (typeof when !== 'string') return { kind: 'text', text: JSON.stringify(when) };
  if (typeof input['set'] === 'string') {
    if (when === `${change} < ${input['set']}`) return { kind: 'earlier' };
    if (when === `${change} > ${input['set']}`) return { kind: 'later' };
  }
  return { kind: 'text', text: when };
}
