import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import sql from 'sql-template-tag';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useTestDatabase } from '../../test/support/database.ts';
import { closedPort, startMailServer } from '../../test/support/smtp.ts';
import type { MailMessage } from './channel.ts';
import { e164 } from './phone.ts';
import { createSmsGateway, type SmsGateway } from './sms-gateway.ts';
import { createSmsMail } from './sms-mail.ts';
import { smsNumber } from './sms-number.ts';
import { smsTemplateProblem } from './sms-template.ts';
import { createSmtpChannel } from './smtp.ts';

const test = useTestDatabase();

const MESSAGE: MailMessage = {
  outboxId: 77,
  queuedOn: '2026-11-24',
  messageId: '<one@library.example.org>',
  from: { name: 'The Library', address: 'library@example.org' },
  to: { name: 'Anna', address: '030 123456' },
  language: 'de',
  subject: '',
  text: 'Ihr Konto läuft ab: „morgen“ & übermorgen',
  html: '<p>not for a telephone</p>',
};

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A gateway on loopback that keeps what it was asked and answers what it is told to. */
async function gateway(
  answer: { status?: number; body?: string; location?: string; silent?: boolean } = {},
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: await text(request) });
    if (answer.silent === true) return;
    response.writeHead(answer.status ?? 200, {
      'content-type': 'application/json',
      ...(answer.location === undefined ? {} : { location: answer.location }),
    });
    response.end(answer.body ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const PLAIN: Omit<SmsGateway, 'url'> = {
  method: 'POST',
  headers: [['authorization', 'Bearer secret']],
  body: undefined,
  reference: undefined,
};
const numberOf = (written: string): Promise<string> => smsNumber(test.db.pool, written);
const soon = (): AbortSignal => AbortSignal.timeout(5_000);

describe('a telephone number', () => {
  it.each([
    ['030 123456', 'DE', '+4930123456'],
    ['(0171) 123-45 67', 'DE', '+491711234567'],
    ['+43 1 234567', 'DE', '+431234567'],
    ['0043 1 234567', 'DE', '+431234567'],
    ['044 668 18 00', 'CH', '+41446681800'],
    ['212-555-0123', 'US', '+12125550123'],
    ['٠٣٠ ١٢٣٤٥٦', 'DE', '+4930123456'],
    ['12', 'DE', undefined],
    ['0171 123456789012345', 'DE', undefined],
    ['call me', 'DE', undefined],
    ['', 'DE', undefined],
    ['030 123456', 'XX', undefined],
    ['030 123456; +4930999999', 'DE', undefined],
  ])('%s in %s is %s', async (written, country, expected) => {
    expect(await e164(written, country)).toBe(expected);
  });

  it('that cannot be, or that nothing is sent to, is refused for good', async () => {
    await expect(numberOf('12')).rejects.toMatchObject({ failure: 'permanent' });
    await test.db.pool.query(sql`insert into suppressed_addresses (channel, address, reason) values ('sms', '+4930999999', 'manual')`);
    await expect(numberOf('030/999999')).rejects.toMatchObject({ failure: 'permanent' });
    expect(await numberOf('030/999998')).toBe('+4930999998');
  });

  it('without a country code is in the country of the library', async () => {
    await test.db.pool.query(sql`insert into settings (name, value) values ('library.country', '"CH"')`);
    expect(await numberOf('044 668 18 00')).toBe('+41446681800');
    await test.db.pool.query(sql`delete from settings where name = 'library.country'`);
  });
});

describe('a gateway', () => {
  it('is asked with number, text and the ledger’s number, in JSON', async () => {
    const { url, asked } = await gateway({ body: '{"messages":[{"id":"abc-1"}]}' });
    const channel = createSmsGateway({ ...PLAIN, url: `${url}/send`, reference: 'messages.0.id' }, { numberOf });
    expect(await channel.deliver(MESSAGE, soon())).toEqual({ file: null, reference: 'abc-1' });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/send',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
    });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ to: '+4930123456', text: MESSAGE.text, id: '77' });
  });

  const HOSTILE = 'a", "to": "+4900", "x": "\\ \n \u0000 & <b>\' = % + 📚 \ud800';

  it('gets no other request by what stands in the text', async () => {
    const { url, asked } = await gateway();
    await createSmsGateway({ ...PLAIN, url, body: '{"to":"{{ to }}","text":"{{ text }}"}' }, { numberOf }).deliver(
      { ...MESSAGE, text: HOSTILE },
      soon(),
    );
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ to: '+4930123456', text: HOSTILE.toWellFormed().replace('\ufffd', '\ud800') });
    const form: SmsGateway = {
      ...PLAIN,
      url,
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: 'to={{ to }}&text={{ text }}',
    };
    await createSmsGateway(form, { numberOf }).deliver({ ...MESSAGE, text: HOSTILE }, soon());
    expect([...new URLSearchParams(asked[1]?.body)]).toEqual([
      ['to', '+4930123456'],
      ['text', HOSTILE.toWellFormed()],
    ]);
    await createSmsGateway({ ...PLAIN, method: 'GET', url: `${url}/send?to={{ to }}&text={{ text }}` }, { numberOf }).deliver(
      { ...MESSAGE, text: HOSTILE },
      soon(),
    );
    expect([...new URL(`${url}${asked[2]?.url}`).searchParams]).toEqual([
      ['to', '+4930123456'],
      ['text', HOSTILE.toWellFormed()],
    ]);
    const xml: SmsGateway = { ...PLAIN, url, headers: [['content-type', 'text/xml']], body: '<sms><text>{{ text }}</text></sms>' };
    await createSmsGateway(xml, { numberOf }).deliver({ ...MESSAGE, text: 'a</text><to>1</to>&' }, soon());
    expect(asked[3]?.body).toBe('<sms><text>a&lt;/text&gt;&lt;to&gt;1&lt;/to&gt;&amp;</text></sms>');
  });

  it.each([
    [400, 'permanent'],
    [422, 'permanent'],
    [401, 'unreachable'],
    [403, 'unreachable'],
    [404, 'unreachable'],
    [302, 'unreachable'],
    [408, 'temporary'],
    [429, 'temporary'],
    [500, 'temporary'],
    [503, 'temporary'],
  ] as const)('that answers %i has refused for this reason: %s', async (status, failure) => {
    const { url } = await gateway({ status, body: '{"error":"balance\\nempty"}', location: 'http://127.0.0.1:1/' });
    const channel = createSmsGateway({ ...PLAIN, url }, { numberOf });
    const error: unknown = await channel.deliver(MESSAGE, soon()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure, message: expect.stringContaining(String(status)) });
    expect(String(error)).not.toContain('\n');
  });

  it('that says yes without its number of the message has not taken it', async () => {
    const { url } = await gateway({ body: '{"error":"no credit"}' });
    const channel = createSmsGateway({ ...PLAIN, url, reference: 'id' }, { numberOf });
    await expect(channel.deliver(MESSAGE, soon())).rejects.toMatchObject({ failure: 'permanent', message: '200 {"error":"no credit"}' });
  });

  it('that is not there, or says nothing, cannot be reached', async () => {
    const gone = createSmsGateway({ ...PLAIN, url: `http://127.0.0.1:${await closedPort()}` }, { numberOf });
    await expect(gone.deliver(MESSAGE, soon())).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(gone.verify?.(soon())).rejects.toMatchObject({ failure: 'unreachable' });
    const { url } = await gateway({ silent: true });
    const silent = createSmsGateway({ ...PLAIN, url }, { numberOf, answerMs: 100 });
    await expect(silent.deliver(MESSAGE, soon())).rejects.toMatchObject({ failure: 'unreachable' });
  });

  it('is tried without asking it to send, and tells no secret of itself', async () => {
    const { url, asked } = await gateway({ status: 404 });
    const channel = createSmsGateway({ ...PLAIN, url: `${url}/send?key=secret` }, { numberOf });
    await channel.verify?.(soon());
    expect(asked).toMatchObject([{ method: 'HEAD', url: '/' }]);
    expect(asked[0]?.headers.authorization).toBeUndefined();
    expect(channel.describe?.()).toMatchObject({ host: new URL(url).host, headers: 'authorization' });
    expect(JSON.stringify(channel.describe?.())).not.toContain('secret');
  });

  it('has templates that name what they can use, and nothing else', () => {
    expect(smsTemplateProblem('{{ to }} {{ text }} {{ id }}')).toBeUndefined();
    expect(smsTemplateProblem('{{ user.name }}')).toContain('user');
    expect(smsTemplateProblem('{{ to')).toBeDefined();
  });
});

describe('a mail server that makes text messages of mails', () => {
  it('gets the text alone, at the number’s address', async () => {
    const server = await startMailServer();
    onTestFinished(server.close);
    const email = createSmtpChannel(server.url);
    onTestFinished(() => email.close());
    const channel = createSmsMail(email, { address: '{{ number }}@sms.example.org', numberOf });
    await channel.deliver({ ...MESSAGE, unsubscribe: 'https://library.example.org/x' }, soon());
    const [mail] = server.received;
    expect(mail?.recipients).toEqual(['4930123456@sms.example.org']);
    const parsed = await simpleParser(mail?.raw ?? '');
    expect(parsed.text?.trimEnd()).toBe(MESSAGE.text);
    expect(parsed.html).toBe(false);
    expect(parsed.headers.has('list-unsubscribe')).toBe(false);
    await expect(channel.deliver({ ...MESSAGE, to: { name: '', address: 'nobody' } }, soon())).rejects.toMatchObject({
      failure: 'permanent',
    });
  });
});
