/** `muster notification-types …` */
import { type Command, Option } from 'commander';
import {
  createNotificationType,
  deleteNotificationType,
  listNotificationTypes,
  type NotificationType,
  reorderNotificationTypes,
  setDefaultNotificationType,
  showNotificationType,
  updateNotificationType,
} from '../../letters/index.ts';
import type { Cli } from '../cli.ts';
import { verb } from '../program.ts';
import { printable, type Screen } from '../screen.ts';

/** Options of `add` and `edit`; an empty text clears a field. */
interface Fields {
  readonly labelEn?: string;
  readonly labelDe?: string;
  readonly descriptionEn?: string;
  readonly descriptionDe?: string;
  readonly active?: 'yes' | 'no';
  readonly essential?: 'yes' | 'no';
  readonly onePerAddress?: 'yes' | 'no';
  readonly notAgainDays?: string;
  readonly oncePer?: string;
  readonly keepDays?: string;
  readonly senderName?: string;
  readonly senderEmail?: string;
  readonly replyTo?: string;
}

export function addNotificationTypeCommands(cli: Cli, program: Command): void {
  const { screen } = cli;
  const types = verb(cli, program, 'notification-types', 'cli.group.notification_types');

  verb(cli, types, 'list', listNotificationTypes.summary).action(() =>
    cli.answer(
      (session) => session.perform(listNotificationTypes, {}),
      (result) => showList(screen, result.types),
    ),
  );

  verb(cli, types, 'show <code>', showNotificationType.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(showNotificationType, { code }),
      (type) => {
        showOne(screen, type);
        if (type.uses.length > 0)
          screen.say('cli.types.uses', { uses: type.uses.map((use) => screen.text(`cli.types.use.${use}`, {})).join(', ') });
      },
    ),
  );

  withFields(verb(cli, types, 'add <code>', createNotificationType.summary)).action((code: string, options: Fields) =>
    cli.answer(
      (session) => {
        const { labelEn, labelDe } = options;
        if (labelEn === undefined || labelDe === undefined) throw cli.wrongUsage('cli.types.labels', {});
        return session.perform(createNotificationType, { code, ...fieldsOf(options), label_en: labelEn, label_de: labelDe });
      },
      (type) => showOne(screen, type),
    ),
  );

  withFields(verb(cli, types, 'edit <code>', updateNotificationType.summary)).action((code: string, options: Fields) =>
    cli.answer(
      (session) => session.perform(updateNotificationType, { code, ...fieldsOf(options) }),
      (type) => showOne(screen, type),
    ),
  );

  verb(cli, types, 'remove <code>', deleteNotificationType.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(deleteNotificationType, { code }),
      ({ deleted }) => screen.say('cli.types.deleted', { code: deleted }),
    ),
  );

  verb(cli, types, 'order <codes...>', reorderNotificationTypes.summary).action((codes: string[]) =>
    cli.answer(
      (session) => session.perform(reorderNotificationTypes, { codes }),
      (result) => {
        for (const code of result.codes) screen.line(code);
      },
    ),
  );

  verb(cli, types, 'default <code>', setDefaultNotificationType.summary).action((code: string) =>
    cli.answer(
      (session) => session.perform(setDefaultNotificationType, { code }),
      (type) => showOne(screen, type),
    ),
  );

  function withFields(command: Command): Command {
    const yesNo = (name: string, text: string): Option => new Option(`${name} <yes|no>`, text).choices(['yes', 'no']);
    return command
      .option('--label-en <text>', screen.text('cli.types.label_en', {}))
      .option('--label-de <text>', screen.text('cli.types.label_de', {}))
      .option('--description-en <text>', screen.text('cli.types.description_en', {}))
      .option('--description-de <text>', screen.text('cli.types.description_de', {}))
      .addOption(yesNo('--active', screen.text('cli.types.active', {})))
      .addOption(yesNo('--essential', screen.text('cli.types.essential', {})))
      .addOption(yesNo('--one-per-address', screen.text('cli.types.one_per_address', {})))
      .option('--not-again-days <n>', screen.text('cli.types.not_again_days', {}))
      .option('--once-per <field>', screen.text('cli.types.once_per', {}))
      .option('--keep-days <n>', screen.text('cli.types.keep_days', {}))
      .option('--sender-name <name>', screen.text('cli.types.sender_name', {}))
      .option('--sender-email <address>', screen.text('cli.types.sender_email', {}))
      .option('--reply-to <address>', screen.text('cli.types.reply_to', {}));
  }
}

function fieldsOf(options: Fields) {
  const text = (value: string | undefined): string | null | undefined =>
    value === undefined ? undefined : value.trim() === '' ? null : value;
  const yes = (value: 'yes' | 'no' | undefined): boolean | undefined => (value === undefined ? undefined : value === 'yes');
  // What is no number is for the operation to refuse, which names the field.
  const number = (value: string | undefined): number | null | undefined =>
    value === undefined ? undefined : value.trim() === '' ? null : Number(value);
  return {
    label_en: options.labelEn,
    label_de: options.labelDe,
    description_en: text(options.descriptionEn),
    description_de: text(options.descriptionDe),
    active: yes(options.active),
    essential: yes(options.essential),
    one_per_address: yes(options.onePerAddress),
    not_again_days: number(options.notAgainDays),
    once_per: text(options.oncePer) as 'expiry_date' | 'purge_date' | null | undefined, // refused by the operation if it is neither
    keep_days: number(options.keepDays),
    sender_name: text(options.senderName),
    sender_email: text(options.senderEmail),
    reply_to: text(options.replyTo),
  };
}

function showList(screen: Screen, types: readonly NotificationType[]): void {
  screen.table(
    [
      { title: screen.text('cli.label.code', {}), max: 40 },
      { title: screen.text('cli.label.name', {}), max: 40 },
      { title: screen.text('cli.label.languages', {}), max: 30 },
      { title: screen.text('cli.label.state', {}), max: 60 },
    ],
    types.map((type) => [
      type.code,
      printable(screen.language === 'de' ? type.label_de : type.label_en),
      type.letters.map((letter) => letter.language).join(', ') || '–',
      [
        type.active ? [] : ['inactive' as const],
        type.is_default ? ['default' as const] : [],
        type.essential ? ['essential' as const] : [],
        type.credentials ? ['credentials' as const] : [],
      ]
        .flat()
        .map((mark) => screen.text(`cli.types.mark.${mark}`, {}))
        .join(', '),
    ]),
  );
}

function showOne(screen: Screen, type: NotificationType): void {
  const yesNo = (value: boolean): string => screen.text(value ? 'cli.yes' : 'cli.no', {});
  const days = (value: number | null): string => (value === null ? '–' : String(value));
  screen.heading(type.code);
  screen.pairs([
    [screen.text('cli.types.label_en', {}), printable(type.label_en)],
    [screen.text('cli.types.label_de', {}), printable(type.label_de)],
    [screen.text('cli.types.description_en', {}), printable(type.description_en ?? '–')],
    [screen.text('cli.types.description_de', {}), printable(type.description_de ?? '–')],
    [screen.text('cli.types.active', {}), yesNo(type.active)],
    [screen.text('cli.types.mark.default', {}), yesNo(type.is_default)],
    [screen.text('cli.types.essential', {}), yesNo(type.essential)],
    [screen.text('cli.types.one_per_address', {}), yesNo(type.one_per_address)],
    [screen.text('cli.types.not_again_days', {}), days(type.not_again_days)],
    [screen.text('cli.types.once_per', {}), type.once_per ?? '–'],
    [screen.text('cli.types.keep_days', {}), days(type.keep_days)],
    [screen.text('cli.types.sender_name', {}), printable(type.sender_name ?? '–')],
    [screen.text('cli.types.sender_email', {}), printable(type.sender_email ?? '–')],
    [screen.text('cli.types.reply_to', {}), printable(type.reply_to ?? '–')],
    [screen.text('cli.label.languages', {}), type.letters.map((letter) => letter.language).join(', ') || '–'],
  ]);
}
