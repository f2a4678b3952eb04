/** A print batch over HTTP: made by the letters loop, looked at, and downloaded as a file. */
import sql from 'sql-template-tag';
import { expect, it } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { doorsFor } from '../../test/support/doors.ts';
import { useTestServer } from '../../test/support/http.ts';
import { readPdf } from '../../test/support/pdf.ts';
import { ADMINISTRATOR } from '../access/index.ts';

const test = useTestDatabase();
const http = useTestServer(test, { parts: () => ({ doors: doorsFor(() => ({ admin: ADMINISTRATOR })) }) });

const ask = (method: string, address: string): Promise<Response> =>
  fetch(`${http.url}${address}`, {
    method,
    headers: { authorization: 'apikey admin', ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    ...(method === 'POST' ? { body: '{}' } : {}),
  });

it('is made of what waits, and answered as a PDF', async () => {
  expect((await ask('POST', '/api/print-batches')).status).toBe(409);
  await test.db.pool.query(sql`
    with person as (insert into users (primary_id, last_name) values ('p1', 'Papier') returning id),
      home as (insert into user_addresses (user_id, line1, city, postal_code) select id, 'Weg 1', 'Bonn', '53111' from person),
      run as (insert into runs (kind, name, state, plan, today, created_by)
        values ('job', 'Print', 'COMPLETED_SUCCESS', '{}', '2026-11-24', 'administrator') returning id)
    insert into outbox (run_id, user_id, letter, channel) select run.id, person.id, 'GENERAL_NOTICE', 'print' from person, run`);
  const made = await ask('POST', '/api/print-batches');
  expect(made.status).toBe(202);
  const { batches } = (await made.json()) as { batches: { id: number; messages: number }[] };
  expect(batches).toMatchObject([{ messages: 1 }]);
  const id = batches[0]?.id ?? 0;
  expect((await ask('GET', `/api/print-batches/${id}/files/1`)).status).toBe(409);

  while (await http.app.tasks.sendDue(new AbortController().signal));
  expect(await (await ask('GET', `/api/print-batches/${id}`)).json()).toMatchObject({ state: 'ready', printed: 1, pages: 1 });
  const file = await ask('GET', `/api/print-batches/${id}/files/1`);
  expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
    200,
    'application/pdf',
    'attachment; filename="print-download.pdf"',
  ]);
  const { pages } = await readPdf(Buffer.from(await file.arrayBuffer()));
  expect(pages[0]?.text).toContain('Papier\nWeg 1\n53111 Bonn');

  expect((await ask('DELETE', `/api/print-batches/${id}?requeue=true`)).status).toBe(200);
  expect((await ask('GET', `/api/print-batches/${id}/files/1`)).status).toBe(410);
  expect((await ask('GET', '/api/print-batches/99/files/1')).status).toBe(404);
  expect(await (await ask('GET', '/api/print-batches')).json()).toMatchObject({ waiting: { ordinary: 1, credentials: 0 } });
});
