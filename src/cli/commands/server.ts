import type { Command } from 'commander';
import {
  backupInstallation,
  migrateInstallation,
  restoreInstallation,
  type Service,
  startServer,
  startWorkerProcess,
  stopInstallation,
} from '../../app/index.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber } from '../number.ts';
import { verb } from '../program.ts';
import type { Screen } from '../screen.ts';
import { interrupted } from '../signals.ts';

const DEFAULT_PORT = 7300;

export function addServerCommands(cli: Cli, program: Command): void {
  verb(cli, program, 'start', 'cli.command.start')
    .option('--port <number>', cli.screen.text('cli.option.port', {}), wholeNumber(cli, '--port', 0), DEFAULT_PORT)
    .option('--sample', cli.screen.text('cli.option.sample', {}))
    .action(({ port, sample = false }: { port: number; sample?: boolean }) => stay(cli, () => startServer(cli.config(), port, { sample })));

  verb(cli, program, 'worker', 'cli.command.worker').action(() => stay(cli, () => startWorkerProcess(cli.config())));

  verb(cli, program, 'stop', 'cli.command.stop').action(async () => {
    cli.tell(await stopInstallation(cli.config()), ({ server, database }) => {
      cli.screen.say(server ? 'cli.stop.server' : database ? 'cli.stop.database' : 'cli.stop.nothing', { dir: cli.config().dataDir });
    });
  });

  verb(cli, program, 'backup <file>', 'cli.command.backup').action(async (file: string) => {
    cli.tell(await backupInstallation(cli.config(), file), (made) => {
      cli.screen.say('cli.backup.done', { file: made.file, users: made.users, rows: made.rows, files: made.files, bytes: made.size });
      cli.screen.say('cli.backup.secret', {});
    });
  });

  verb(cli, program, 'restore <file>', 'cli.command.restore').action(async (file: string) => {
    cli.tell(await restoreInstallation(cli.config(), file), (restored) => {
      const { madeAt, users, rows, files } = restored;
      cli.screen.say('cli.restore.done', { made: madeAt, users, rows, files });
      for (const name of restored.applied) cli.screen.line(`  ${name}`);
      cli.screen.say('cli.restore.next', {});
    });
  });

  verb(cli, program, 'migrate', 'cli.command.migrate').action(async () => {
    cli.tell(await migrateInstallation(cli.config()), ({ applied }) => {
      cli.screen.say('cli.migrate.done', { count: applied.length });
      for (const name of applied) cli.screen.line(`  ${name}`);
    });
  });
}

/** Starts, says where, and stays until it is told to stop; told twice, it ends at once. */
async function stay(cli: Cli, start: () => Promise<Service>): Promise<void> {
  const { signal, forget } = interrupted();
  try {
    const service = await start();
    const { url, dataDir: data, logFile: log, firstLink: administrator } = service;
    cli.tell({ url, data, log, pid: process.pid, administrator, sampled: service.sampled }, () => introduce(cli.screen, service));
    await signal;
    cli.screen.say('cli.start.stopping', {});
    await service.stop();
    cli.screen.say('cli.start.stopped', {});
  } finally {
    forget();
  }
}

function introduce(screen: Screen, service: Service): void {
  if (service.url === null) screen.say('cli.worker.works', {});
  else screen.say('cli.start.serves', { url: service.url });
  screen.say('cli.start.data', { dir: service.dataDir });
  if (service.logFile !== null) screen.say('cli.start.log', { file: service.logFile });
  if (service.sampled !== null) screen.say('cli.start.sampled', { count: service.sampled });
  if (service.firstLink !== null) {
    screen.line();
    screen.say('cli.access.first_link', { user: service.firstLink.user, url: service.firstLink.url });
  }
  screen.say('cli.start.how_to_stop', {});
}
