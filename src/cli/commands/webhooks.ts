import { type Command, Option } from 'commander';
import {
  createWebhook,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  retryDeliveries,
  updateWebhook,
  type WebhookDelivery,
  type WebhookView,
} from '../../feeds/index.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber, withId } from '../number.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

const EVENTS = ['run.finished', 'user.changed'] as const;
const STATES = ['waiting', 'delivered', 'failed'] as const;

/** `muster webhooks …` */
export function addWebhookCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const webhooks = verb(cli, program, 'webhooks', 'cli.group.webhooks');

  verb(cli, webhooks, 'add <url>', createWebhook.summary)
    .addOption(new Option('--events <events...>', screen.text('cli.webhooks.events', {})).choices(EVENTS))
    .action((url: string, { events = [...EVENTS] }: { events?: (typeof EVENTS)[number][] }) =>
      cli.answer(
        (session) => session.perform(createWebhook, { url, events }),
        (made) => {
          screen.say('cli.webhooks.added', { id: String(made.id), events: made.events.join(', ') });
          screen.say('cli.webhooks.secret', { secret: made.secret });
        },
      ),
    );

  verb(cli, webhooks, 'list', listWebhooks.summary).action(() =>
    cli.answer(
      (session) => session.perform(listWebhooks, {}),
      (result) => showWebhooks(screen, result.webhooks),
    ),
  );

  withId(cli, verb(cli, webhooks, 'edit', updateWebhook.summary))
    .option('--url <url>', screen.text('cli.webhooks.url', {}))
    .addOption(new Option('--events <events...>', screen.text('cli.webhooks.events', {})).choices(EVENTS))
    .addOption(new Option('--on', screen.text('cli.webhooks.on', {})).conflicts('off'))
    .option('--off', screen.text('cli.webhooks.off', {}))
    .option('--new-secret', screen.text('cli.webhooks.new_secret', {}))
    .action((id: number, options: { url?: string; events?: (typeof EVENTS)[number][]; on?: true; off?: true; newSecret?: true }) => {
      const { on, off, newSecret, ...rest } = options;
      const input = { id, ...rest, new_secret: newSecret === true, ...(on === true || off === true ? { active: on === true } : {}) };
      return cli.answer(
        (session) => session.perform(updateWebhook, input),
        (webhook) => {
          showWebhooks(screen, [webhook]);
          if (webhook.secret !== undefined) screen.say('cli.webhooks.secret', { secret: webhook.secret });
        },
      );
    });

  withId(cli, verb(cli, webhooks, 'remove', deleteWebhook.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(deleteWebhook, { id }),
      ({ deleted }) => screen.say('cli.webhooks.removed', { id: String(deleted) }),
    ),
  );

  withId(cli, verb(cli, webhooks, 'retry', retryDeliveries.summary)).action((id: number) =>
    cli.answer(
      (session) => session.perform(retryDeliveries, { webhook: id }),
      ({ retried }) => screen.say('cli.webhooks.retried', { count: retried }),
    ),
  );

  verb(cli, webhooks, 'deliveries [id]', listDeliveries.summary)
    .addOption(new Option('--state <state>', screen.text('cli.label.state', {})).choices(STATES))
    .option('--limit <n>', screen.text('cli.option.limit', {}), wholeNumber(cli, '--limit', 1), 50)
    .option('--before <n>', screen.text('cli.webhooks.before', {}), wholeNumber(cli, '--before', 1))
    .action((id: string | undefined, options: { state?: (typeof STATES)[number]; limit: number; before?: number }) => {
      const webhook = id === undefined ? {} : { webhook: wholeNumber(cli, 'id', 1)(id) };
      return cli.answer(
        (session) => session.perform(listDeliveries, { ...webhook, ...options }),
        (page) => {
          showDeliveries(screen, page.deliveries);
          if (page.next !== null) screen.say('cli.more', { command: `--before ${page.next}` });
        },
      );
    });
}

function showWebhooks(screen: Screen, webhooks: readonly WebhookView[]): void {
  screen.say('cli.webhooks.count', { count: webhooks.length });
  if (webhooks.length === 0) return;
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: screen.text('cli.webhooks.address', {}), max: 60 },
      { title: screen.text('cli.webhooks.told', {}) },
      { title: screen.text('cli.webhooks.active', {}) },
      { title: screen.text('cli.webhooks.state.waiting', {}), align: 'right' },
      { title: screen.text('cli.webhooks.state.failed', {}), align: 'right' },
      { title: screen.text('cli.webhooks.last', {}) },
    ],
    webhooks.map((webhook) => [
      String(webhook.id),
      printable(webhook.url),
      webhook.events.join(', '),
      screen.text(webhook.active ? 'cli.yes' : 'cli.no', {}),
      screen.number(webhook.waiting),
      screen.number(webhook.failed),
      screen.date(webhook.delivered_at),
    ]),
  );
}

function showDeliveries(screen: Screen, deliveries: readonly WebhookDelivery[]): void {
  screen.table(
    [
      { title: '#', align: 'right' },
      { title: 'Webhook', align: 'right' },
      { title: screen.text('cli.webhooks.event', {}) },
      { title: screen.text('cli.label.run', {}), align: 'right' },
      { title: screen.text('cli.label.state', {}) },
      { title: screen.text('cli.webhooks.attempts', {}), align: 'right' },
      { title: screen.text('cli.label.next', {}) },
      { title: screen.text('cli.label.reason', {}), max: 60 },
    ],
    deliveries.map((delivery) => [
      String(delivery.id),
      String(delivery.webhook_id),
      delivery.event,
      String(delivery.run_id),
      screen.text(`cli.webhooks.state.${delivery.state}`, {}),
      String(delivery.attempts),
      screen.date(delivery.next_at),
      delivery.error ?? '',
    ]),
  );
}
