import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The keeper of one embedded server: stops it when all of its users were killed and so nobody has
 * done it. Started with the server, as `node keeper.ts DATA_DIRECTORY`; ends with it.
 */
const LOOK_EVERY_MS = 5_000;

async function keep(dataDir: string): Promise<void> {
  // Most commands are over before the first look; nothing is loaded for them.
  await sleep(LOOK_EVERY_MS);
  const { connectKeeper, usersOf } = await import('./server-users.ts');
  const client = await connectKeeper(dataDir);
  let ended = client === undefined;
  client?.once('end', () => {
    ended = true;
  });
  let lookedUnused = false;
  while (client !== undefined && !ended) {
    const { anchors, strangers } = await usersOf(client);
    const unused = anchors + strangers === 0;
    // Twice in a row, so that a command between two connections is not taken for gone.
    if (unused && lookedUnused) {
      const { stopIfUnused } = await import('./shared-server.ts');
      if (await stopIfUnused(dataDir, client)) return;
    }
    lookedUnused = unused;
    await sleep(LOOK_EVERY_MS);
  }
}

const [dataDir] = process.argv.slice(2);
if (dataDir !== undefined) {
  // Without its server there is nothing to keep; whoever starts the next one starts a keeper too.
  await keep(dataDir).catch(() => undefined);
  process.exit(0);
}
