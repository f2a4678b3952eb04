import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopServer, useServer } from '../../src/db/index.ts';
import { startSystemServer } from './system-server.ts';
import { prepareTemplate } from './template.ts';

/** Tests want speed, not durability: what a crash of the machine would lose is thrown away anyway. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
};

/**
 * Starts one embedded server for all tests and, where the machine has a PostgreSQL of its own, that
 * too. `MUSTER_TEST_URL` (a superuser's URL) names a server to use instead of both.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['MUSTER_TEST_URL'];
  if (given !== undefined && given !== '') {
    project.provide('engines', [await prepareTemplate('embedded', given)]);
    return async () => undefined;
  }

  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'muster-test-'));
  const use = await useServer(dataDir, { settings: FAST });
  const system = await startSystemServer(Object.entries(FAST).map(([name, value]) => `${name}=${value}`));
  const stop = async (): Promise<void> => {
    await system?.stop();
    await use.release();
    await stopServer(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };

  try {
    const engines = [await prepareTemplate('embedded', embeddedUrl(use.endpoint))];
    if (system !== undefined) engines.push(await prepareTemplate(system.name, system.adminUrl));
    project.provide('engines', engines);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function embeddedUrl(endpoint: Awaited<ReturnType<typeof useServer>>['endpoint']): string {
  if ('connectionString' in endpoint) return endpoint.connectionString;
  const { user, password, host, port } = endpoint;
  return `postgresql://${user}:${password}@${encodeURIComponent(host)}:${port}/postgres`;
}
