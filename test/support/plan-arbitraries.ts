import fc from 'fast-check';
import type { SeedUser } from './runs.ts';

const GROUPS = ['STAFF', 'GRAD', 'ALUMNI'] as const;
const BLOCKS = ['01-GLOBAL', '02-GLOBAL', 'FEES'] as const;
const NOTES = ['old note', 'Grüße an die Theke', '‏שלום 🙂', "it's 100 % {{ x }} \\ '"] as const;
const CODES = ['ARTS', 'LAW'] as const;
const LETTERS = ['GENERAL_NOTICE', 'WELCOME'] as const;
const CAMPUSES = ['MED', 'CITY'] as const;
const DATES = ['2026-11-24', '2027-01-31', '2028-02-29', '2030-12-31', '1999-12-31'] as const;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const segment = pick(['Internal', 'External'] as const);
const date = pick(DATES);
const few = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 3 });

/** One row per code, as the tables demand. */
function distinct<T extends { readonly code: string }>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.uniqueArray(arbitrary, { maxLength: 2, selector: (row) => row.code });
}

const scope = pick([null, 'MAIN'] as const);
const role = fc.record({
  type: pick(['200', '32']),
  scope: pick(['INSTITUTION', 'MAIN']),
  status: pick(['ACTIVE', 'INACTIVE']),
  expiry_date: fc.option(date),
  parameters: fc.array(fc.record({ type: fc.constant('CirculationDesk'), scope, value: pick(['A', null]) }), { maxLength: 2 }),
});

/** A user without ids of its own yet: `userRows` makes them distinct. */
const user = fc.record({
  account_type: pick(['INTERNAL', 'EXTERNAL', 'INTEXTAUTH']),
  status: pick(['ACTIVE', 'INACTIVE']),
  first_name: maybe(pick(['Kim', 'Łukasz', '李'])),
  user_group: maybe(pick(GROUPS)),
  campus_code: maybe(pick(CAMPUSES)),
  job_description: maybe(pick(NOTES)),
  birth_date: maybe(date),
  expiry_date: maybe(date),
  purge_date: maybe(date),
  is_researcher: maybe(fc.boolean()),
  force_password_change: fc.boolean(),
  loans: maybe(pick([0, 3])),
  credential_state: pick(['none', 'password', 'pending']),
  held_fields: pick([[], ['user_group'], ['user_group', 'campus_code']]),
  user_blocks: few(
    fc.record({
      segment,
      type: pick(['GENERAL', 'USER']),
      description: pick(BLOCKS),
      status: pick(['ACTIVE', 'INACTIVE']),
      note: fc.option(pick(NOTES)),
      expiry_date: fc.option(pick(['2027-01-31T00:00:00Z', '2026-11-24T12:34:56.789012Z'])),
      created_by: fc.option(fc.constant('import')),
      created_at: pick(['2020-02-29T10:00:00.123456Z', '2026-11-01T00:00:00Z']),
    }),
  ),
  user_notes: few(
    fc.record({
      segment,
      type: pick(['POPUP', 'LIBRARY']),
      text: pick(NOTES),
      user_viewable: fc.boolean(),
      popup: fc.boolean(),
      created_at: pick(['2020-02-29T10:00:00Z', '2026-11-01T00:00:00Z']),
    }),
  ),
  user_emails: few(
    fc.record({
      segment,
      preferred: fc.option(fc.boolean()),
      address: pick(['a@old.example.org', 'A@OLD.example.org', 'b@example.org', 'not an address']),
      types: pick([[], ['personal'], ['school', 'work']]),
    }),
  ),
  user_phones: few(
    fc.record({
      segment,
      preferred_sms: fc.option(fc.boolean()),
      number: pick(['+49 7531 1', '2']),
      types: pick([[], ['office'], ['mobile']]),
    }),
  ),
  user_roles: few(role),
  user_statistics: few(
    fc.record({ segment, category: pick(CODES), type: fc.option(pick(['DEGREE', 'OTHER'])), note: fc.option(pick(NOTES)) }),
  ),
  user_rs_libraries: distinct(fc.record({ code: pick(['MAIN', 'LAW']) })),
  user_letter_preferences: distinct(fc.record({ code: pick(LETTERS), value: fc.boolean() })),
  identifiers: few(
    fc.record({
      segment,
      type: pick(['BARCODE', 'OTHER_ID_1', 'HOUSEHOLD']),
      status: pick(['ACTIVE', 'INACTIVE']),
      note: fc.option(pick(NOTES)),
    }),
  ),
});

/** Users with child rows; identifiers are unique, but for those of the type that may repeat. */
export const users: fc.Arbitrary<SeedUser[]> = fc.array(user, { minLength: 1, maxLength: 6 }).map((list) =>
  list.map(({ identifiers, ...rest }, i) => ({
    primary_id: `u${i}`,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    user_identifiers: identifiers.map((row, k) => ({ ...row, value: row.type === 'HOUSEHOLD' ? 'H1' : `${row.type}-${i}-${k}` })),
  })),
);

const when = maybe(
  pick([
    'if_empty',
    'if_not_empty',
    'user_group = "STAFF"',
    'not account_type = "EXTERNAL"',
    'loans > 0 or has block(status = "ACTIVE")',
    'expiry_date < today + 60 days',
    'not has email',
  ]),
);

const span = fc.record({ days: pick([-40, 0, 31]), months: pick([-1, 0, 1, 13]) });
const dateField = pick(['expiry_date', 'purge_date', 'birth_date']);
const note = pick(NOTES);

const scalars = fc.oneof(
  fc.record({ change: dateField, set: pick([...DATES, 'today', 'today + 1 month']) }),
  fc.record({ change: dateField, shift: span }),
  fc.record({ change: dateField, shift: span, end_of_month: fc.constant(true) }),
  fc.record({ change: dateField, clear: fc.constant(true) }),
  fc.record({ change: dateField, not_earlier: date }),
  fc.record({ change: dateField, not_later: date }),
  fc.record({ change: fc.constant('purge_date'), relative_to: fc.constant('expiry_date'), shift: span }),
  fc.record({ change: fc.constant('user_group'), set: pick(GROUPS) }),
  fc.record({ change: fc.constant('campus'), set: pick(CAMPUSES) }),
  fc.record({ change: pick(['user_group', 'campus_code', 'job_description', 'is_researcher']), clear: fc.constant(true) }),
  fc.record({ change: fc.constant('job_description'), set: note }),
  fc.record({ change: fc.constant('first_name'), set: pick(['Ada', 'Kim']) }),
  fc.record({ change: fc.constant('status'), set: pick(['ACTIVE', 'INACTIVE']) }),
  fc.record({ change: fc.constant('is_researcher'), set: fc.boolean() }),
);

const block = fc.constant('block');
const blockMatch = fc.oneof(
  fc.record({ description: pick(BLOCKS) }),
  fc.record({ status: pick(['ACTIVE', 'INACTIVE']) }),
  fc.record({ any: fc.constant(true) }),
  fc.record({ note_empty: fc.boolean() }),
  fc.record({ note_contains: pick(['OLD', '%', '\\']) }),
  fc.record({ expiry_date_before: pick(['2027-01-01', 'today']) }),
);
const rows = fc.oneof(
  fc.record({ change: block, add: fc.record({ description: pick(BLOCKS), note }) }),
  fc.record({
    change: block,
    add: fc.record({ description: pick(BLOCKS), expiry_date: date, segment: pick(['Internal', 'External', 'by_account_type']) }),
  }),
  fc.record({ change: block, deactivate: blockMatch }),
  fc.record({ change: block, activate: blockMatch }),
  fc.record({ change: block, remove: blockMatch }),
  fc.record({ change: block, edit: fc.record({ match: blockMatch, set: fc.record({ note: fc.option(note) }) }) }),
  fc.record({ change: fc.constant('note'), add: fc.record({ text: note, type: pick(['POPUP', 'LIBRARY']) }) }),
  fc.record({ change: fc.constant('note'), remove: fc.record({ text_contains: pick(['note', 'theke']) }) }),
  fc.record({
    change: fc.constant('note'),
    edit: fc.record({ match: fc.record({ type: fc.constant('POPUP') }), set: fc.record({ popup: fc.boolean(), text: note }) }),
  }),
  fc.record({ change: fc.constant('statistic'), add: fc.record({ category: pick(CODES), note }) }),
  fc.record({ change: fc.constant('statistic'), remove: fc.record({ category: pick(CODES) }) }),
  fc.record({ change: fc.constant('rs_library'), add: fc.record({ code: pick(['MAIN', 'LAW']) }) }),
  fc.record({ change: fc.constant('rs_library'), remove: fc.record({ code: pick(['MAIN', 'LAW']) }) }),
  fc.record({ change: fc.constant('letter_preference'), opt_in: pick(LETTERS) }),
  fc.record({ change: fc.constant('letter_preference'), opt_out: pick(LETTERS) }),
  fc.record({ change: fc.constant('letter_preference'), clear: pick(LETTERS) }),
  fc.record({
    change: fc.constant('email'),
    replace: fc.record({ find: pick(['@old.example.org', 'A', '.']), with: pick(['@new.example.org', 'z\\1']) }),
  }),
  fc.record({ change: fc.constant('email'), prefer: fc.record({ types: pick(['personal', 'work']) }) }),
  fc.record({ change: fc.constant('email'), remove: fc.record({ address_contains: pick(['OLD', 'b@']) }) }),
  fc.record({ change: fc.constant('phone'), sms: fc.constant('off') }),
  fc.record({ change: fc.constant('phone'), remove: fc.record({ types: pick(['office', 'mobile']) }) }),
  fc.record({
    change: fc.constant('identifier'),
    add: fc.record({ type: pick(['OTHER_ID_1', 'HOUSEHOLD']), pattern: pick(['X-{primary_id}', 'BARCODE-{id}-0', '{primary_id}']) }),
  }),
  fc.record({ change: fc.constant('identifier'), remove: fc.record({ type: pick(['BARCODE', 'OTHER_ID_1', 'HOUSEHOLD']) }) }),
  fc.record({ change: fc.constant('identifier'), deactivate: fc.record({ type: pick(['BARCODE', 'OTHER_ID_1']) }) }),
  fc.record({ change: fc.constant('role'), add: fc.record({ type: pick(['200', '32']), expiry_date: date }) }),
  fc.record({
    change: fc.constant('role'),
    add: fc.record({ type: fc.constant('32'), parameters: fc.constant([{ type: 'CirculationDesk', scope: null, value: 'A' }]) }),
  }),
  fc.record({
    change: fc.constant('role'),
    edit: fc.record({
      match: fc.record({ type: pick(['200', '32']) }),
      set: fc.record({ expiry_date: fc.option(date), scope: pick(['INSTITUTION', 'LAW']) }),
    }),
  }),
  fc.record({ change: fc.constant('role'), remove: fc.record({ type: pick(['200', '32']) }) }),
);

const accounts = fc.oneof(
  fc.record({ change: fc.constant('account_type'), set: fc.constant('INTERNAL'), credentials: pick(['password', 'none']) }),
  fc.record({ change: fc.constant('account_type'), set: fc.constant('EXTERNAL'), external_id: pick(['SIS', 'HR']) }),
  fc.record({ change: fc.constant('account_type'), set: fc.constant('INTEXTAUTH') }),
  fc.record({ change: fc.constant('password'), reset: fc.constant('password'), letter: fc.boolean() }),
  fc.record({ change: fc.constant('give_back_to_feed') }),
  fc.record({ change: fc.constant('give_back_to_feed'), fields: pick([['user_group'], ['campus_code', 'user_title']]) }),
);

type Change = Readonly<Record<string, unknown>>;
const change: fc.Arbitrary<Change> = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: scalars }, { weight: 6, arbitrary: rows }, { weight: 1, arbitrary: accounts }), when)
  .map(([own, condition]) => (condition === undefined ? own : { ...own, when: condition }));

/** Plans of up to six changes; passwords are reset at most once. */
export const plans = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    const resets = changes.filter(resetsPassword);
    return changes.filter((c) => !resetsPassword(c) || c === resets[0]);
  }),
  protected: pick(['hold', 'yield'] as const),
  notify: maybe(fc.constant({ type: 'GENERAL_NOTICE' })),
});

function resetsPassword(change: Change): boolean {
  return change['change'] === 'password' || (change['change'] === 'account_type' && change['set'] === 'INTERNAL');
}
