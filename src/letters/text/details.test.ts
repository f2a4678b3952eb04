import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { useTestDatabase } from '../../../test/support/database.ts';
import { letterData, type LetterUser } from '../letter-data.ts';
import { readPreviewUser } from '../letter-input.ts';
import { compileLetter, type LetterNeed, withDetails } from './index.ts';

const database = useTestDatabase();
const ALL: ReadonlySet<LetterNeed> = new Set(['contact', 'identifiers', 'changes', 'circulation']);
const LIBRARY = { libraryName: 'Library', libraryEmail: null, libraryWeb: null, libraryPhone: null, libraryAddress: null };

let ids: number[] = [];
let run = 0;

beforeAll(async () => {
  const { pool } = database.db;
  const one = async (statement: ReturnType<typeof sql>): Promise<number> => (await pool.query<{ id: number }>(statement)).rows[0]?.id ?? 0;
  await pool.query(
    sql`insert into codes (table_name, code, label_en, label_de) values ('UserGroups', 'STUDENT', 'Students', 'Studierende')`,
  );
  ids = [
    await one(sql`insert into users (primary_id, last_name, user_group, loans, fees, circulation_on, expiry_date)
      values ('u1', 'Eins', 'STUDENT', 2, 12.5, '2026-11-01', '2027-09-30') returning id`),
    await one(sql`insert into users (primary_id, last_name) values ('u2', 'Zwei') returning id`),
  ];
  await pool.query(sql`insert into user_identifiers (user_id, type, value, status)
    values (${ids[0]}, 'BARCODE', 'B1', 'ACTIVE'), (${ids[0]}, '01', 'A1', 'ACTIVE'), (${ids[0]}, '02', 'old', 'INACTIVE')`);
  await pool.query(
    sql`insert into user_emails (user_id, address, preferred) values (${ids[0]}, 'a@x.example', false), (${ids[0]}, 'b@x.example', true)`,
  );
  await pool.query(
    sql`insert into user_addresses (user_id, line1, line3, city, postal_code, country) values (${ids[0]}, 'Weg 1', 'Hof', 'Ort', '12345', 'DEU')`,
  );
  await pool.query(sql`insert into circulation (user_id, kind, reference, title, barcode, due_on, true_on)
    values (${ids[0]}, 'loan', 'l1', 'Später', 'X1', '2026-12-02', '2026-11-01'), (${ids[0]}, 'loan', 'l2', 'Früher', 'X2', '2026-12-01', '2026-11-01'),
      (${ids[0]}, 'request', 'r1', 'Anderes', null, null, '2026-11-01')`);
  run = await one(sql`
    insert into runs (kind, name, today, state, plan, created_by, row_templates)
    values ('job', 'Lauf', '2026-11-24', 'COMPLETED_SUCCESS', '{}', 'ada', ${JSON.stringify([
      { table: 'user_blocks', op: 'add', change: 1, changes: [1], after: { description: 'secret' } },
      { table: 'user_emails', op: 'add', change: 1, changes: [1], after: { address: 'new@x.example' } },
    ])}::jsonb) returning id`);
  const diff = {
    fields: {
      expiry_date: ['2026-09-30', '2027-09-30'],
      user_group: [null, 'STUDENT'],
      birth_date: ['1990-01-01', null],
      credential_id: [1, 2],
    },
    rows: [
      { t: 0, id: 1 },
      { t: 1, id: 2 },
      { table: 'user_phones', op: 'edit', id: 3, before: { number: '1' }, after: { number: '2' } },
    ],
  };
  await pool.query(sql`insert into journal (run_id, user_id, diff) values (${run}, ${ids[0]}, ${JSON.stringify(diff)}::jsonb)`);
});

const asking = () => ids.map((user_id) => ({ user_id, run_id: run }));

/** Counts the statements that go out. */
function counted() {
  const statements: string[] = [];
  const db = {
    query: (statement: { text: string }) => {
      statements.push(statement.text);
      return database.db.pool.query(statement as never);
    },
  };
  return { statements, db: db as unknown as typeof database.db.pool };
}

describe('what only some letters show', () => {
  test('is read for many at once', async () => {
    const [first, second] = await withDetails(database.db.pool, asking(), () => ALL);
    expect(first?.details?.contact).toEqual({
      email: 'b@x.example',
      phone: null,
      lines: ['Weg 1', 'Hof'],
      postal_code: '12345',
      city: 'Ort',
      country: { en: 'Germany', de: 'Deutschland' },
    });
    expect(first?.details?.identifiers?.map((row) => row.value)).toEqual(['B1', 'A1']);
    expect(first?.details?.loans?.map((loan) => loan.title)).toEqual(['Früher', 'Später']);
    expect(second?.details?.contact?.lines).toEqual([]);
    expect(second?.details).not.toHaveProperty('changes');
  });

  test('changes are labels and days, and nothing that is not the user’s to know', async () => {
    const [first] = await withDetails(database.db.pool, asking(), () => new Set<LetterNeed>(['changes']));
    const changes = first?.details?.changes ?? [];
    expect(changes.map((change) => change.field)).toEqual(['user_group', 'expiry_date', 'email', 'phone']);
    expect(JSON.stringify(changes)).not.toMatch(/secret|1990|credential/);
  });

  test('is not read where no letter asks', async () => {
    const { statements, db } = counted();
    const messages = asking();
    expect(await withDetails(db, messages, () => new Set())).toEqual(messages);
    expect(statements).toEqual([]);
    await withDetails(db, messages, ({ user_id }) => (user_id === ids[0] ? new Set<LetterNeed>(['contact']) : undefined));
    expect(statements).toHaveLength(1);
  });

  test('stands in the letter', async () => {
    const body = `{% for c in changes %}
- {{ c.label }}: {% if c.old %}{{ c.old }} → {% endif %}{{ c.new }}
{% endfor %}

{{ change.expiry_date.old | date: "month" }} {{ change.status.new }}{{ contact.address_lines | join: ", " }}, {{ contact.city }}

{{ circulation.loans }} {{ circulation.loans | plural: "Buch", "Bücher" }}, {{ circulation.fees | money: "EUR" }}: {% for l in circulation.loan_list %}{{ l.title }} ({{ l.due_date | date: "short" }}){% unless forloop.last %}, {% endunless %}{% endfor %}

{{ user.barcode }} {{ user.identifiers | map: "label" | list }} {{ user.status }}`;
    const letter = compileLetter({ language: 'de', subject: 'x', body, frame: { header: '', footer: '', logo: null } });
    const user = await readPreviewUser(database.db.pool, 'u1', false);
    if (user === undefined) throw new Error('no user');
    const [detailed] = await withDetails(database.db.pool, [{ ...user, run_id: run }], () => letter.needs);
    const data = letterData((detailed ?? user) as LetterUser, { name: 'Lauf', today: '2026-11-24' }, LIBRARY, 'de');
    expect(letter.render(data).text).toBe(`- Benutzergruppe: Studierende
- Ablaufdatum: 30. September 2026 → 30. September 2027
- E-Mail: new@x.example
- Telefon: 1 → 2

September 2026 Weg 1, Hof, Ort

2 Bücher, 12,50\u00a0€: Früher (01.12.26), Später (02.12.26)

B1 Ausweisnummer und Weitere Kennung Aktiv
`);
  });
});
