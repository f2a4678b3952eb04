/** What the check of letters has found, in words. */
import type { listLetterFields } from '../../letters/index.ts';
import type { checkLetterOperation, findAwkwardUsers } from '../../runs/index.ts';
import { printable, type Screen } from '../screen.ts';

type Result<O extends { run: (...args: never[]) => unknown }> = Awaited<ReturnType<O['run']>>;

export function showCheck(screen: Screen, check: Result<typeof checkLetterOperation>): void {
  screen.say('cli.letters.checked', { letters: check.letters.length, members: check.members });
  for (const letter of check.letters) {
    for (const problem of letter.problems) {
      const where = `${letter.type} ${letter.language} ${problem.part} ${problem.line}:${problem.column}`;
      screen.line(`${screen.style(problem.severity === 'error' ? 'red' : 'yellow', where)}  ${printable(problem.message)}`);
    }
  }
  for (const { type, language, users, gets } of check.missing) {
    if (gets === null) screen.say('cli.letters.missing_all', { type, language, users });
    else screen.say('cli.letters.missing', { type, language, users, gets });
  }
  for (const { type, field, users, languages } of check.empty) {
    screen.say('cli.letters.empty', { type: `${type} ${languages.join(', ')}`, field, users });
  }
  for (const link of check.links ?? []) {
    if (!link.ok)
      screen.say('cli.letters.dead_link', { address: printable(link.address), detail: link.detail, letters: link.letters.join(', ') });
  }
  if (check.good) screen.say('cli.letters.good', {});
}

export function showAwkward(screen: Screen, users: Result<typeof findAwkwardUsers>['users']): void {
  screen.table(
    [
      { title: screen.text('cli.label.user', {}), max: 30 },
      { title: screen.text('cli.label.name', {}), max: 50 },
      { title: screen.text('cli.label.reason', {}), max: 80 },
    ],
    users.map((user) => [
      printable(user.user),
      printable(user.name),
      user.reasons
        .map(({ why, detail }) => (why === 'language' ? (detail ?? '') : screen.text(`cli.letters.why.${why}`, {})))
        .map(printable)
        .join(', '),
    ]),
  );
}

export function showFields(screen: Screen, fields: Result<typeof listLetterFields>['fields']): void {
  screen.table(
    [
      { title: screen.text('cli.label.field', {}) },
      { title: screen.text('cli.label.name', {}), max: 34 },
      { title: screen.text('cli.letters.example', {}), max: 34 },
      { title: screen.text('cli.label.description', {}), max: 90 },
    ],
    fields
      .flatMap(({ items, ...field }) => [field, ...items])
      .map((field) => [field.path, field.label, printable(field.example), field.description]),
  );
}
