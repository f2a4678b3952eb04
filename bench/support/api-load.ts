/** The load of the API's benchmarks: a process that asks as fast as it is answered, and tells its parent the rate. */
import http from 'node:http';
import type { Load } from './api-measure.ts';

process.once('message', (message) => {
  const load = message as Load; // as the parent sends it
  void run(load).then((rate) => {
    process.send?.(rate, () => process.exit(0));
  });
});

async function run(load: Load): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: load.connections });
  const until = performance.now() + load.seconds * 1_000;
  let answered = 0;
  let next = 0;
  const bodies = new Map<string, Record<string, unknown>>();
  const one = async () => {
    for (let turn = 0; performance.now() < until; turn += 1) {
      const id = load.ids[next++ % load.ids.length] ?? '';
      const url = `${load.url}/${encodeURIComponent(id)}`;
      if (load.method === 'GET') await ask(agent, 'GET', url, load.key);
      else {
        // What is sent is the record as it was read; reading it is not counted.
        const record = bodies.get(id) ?? (JSON.parse(await ask(agent, 'GET', url, load.key)) as Record<string, unknown>);
        bodies.set(id, record);
        await ask(agent, 'PUT', url, load.key, JSON.stringify({ ...record, job_description: `turn ${turn} ${performance.now()}` }));
      }
      answered += 1;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: load.connections }, one));
  return answered / ((performance.now() - start) / 1_000);
}

function ask(agent: http.Agent, method: string, url: string, key: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      {
        agent,
        method,
        headers: {
          authorization: `apikey ${key}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${method} ${url} ${response.statusCode} ${text.slice(0, 300)}`));
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
