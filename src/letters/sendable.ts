/** Whether a text can be sent as it is: asked when it is saved, and once more when it is published. */
import sql from 'sql-template-tag';
import { AppError, type Language, type Queryable } from '../core/index.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';
import { checkLetter, type LetterProblem } from './text/index.ts';
import { lockType } from './types.ts';
import type { TextContent, TextKey } from './versions.ts';

interface PublishedLetter extends Pick<TextContent, 'subject' | 'body' | 'sms'> {
  readonly code: string;
  readonly language: string;
  readonly credentials: boolean;
}

/**
 * Throws `letters.template_invalid` with every problem and its place. A frame or snippet is tried alone, and in
 * every published letter that it would stand in. For a letter `letters.type_not_found` is thrown as well.
 */
export async function requireSendable(tx: Queryable, key: TextKey, text: TextContent, language: Language): Promise<void> {
  if (key.kind === 'letter') {
    const { credentials } = await lockType(tx, key.code);
    const source = (await readSurroundings(tx)).sourceOf({ ...text, language: key.language });
    refuse(checkLetter(source, { credentials }), language);
    return;
  }
  const around = await readSurroundings(tx, [{ ...key, body: text.body, frame: text.frame }]);
  const alone = { language: key.language, subject: key.code, body: key.kind === 'snippet' ? text.body : '…', sms: null };
  // Alone a snippet may have the fields of letters with credentials; whether its letters have them, they say.
  const credentials = key.kind === 'snippet' && /\{[{%][^}]*\b(?:password|link)\b/.test(text.body);
  refuse(checkLetter(around.sourceOf(alone), { credentials }), language);
  await requireLetters(tx, key, around, language);
}

/** For a snippet or frame that is to go: throws when a published letter cannot be sent without it. */
export async function requireSendableWithout(tx: Queryable, key: TextKey, language: Language): Promise<void> {
  if (key.kind === 'letter') return;
  await requireLetters(tx, key, await readSurroundings(tx), language);
}

async function requireLetters(tx: Queryable, key: TextKey, around: Surroundings, language: Language): Promise<void> {
  const { rows } = await tx.query<PublishedLetter>(sql`
    select v.code, v.language, v.subject, v.body, v.sms, t.credentials
    from letter_heads h
    join letter_versions v on v.id = h.published
    join notification_types t on t.code = v.code
    where h.kind = 'letter'
      and (${key.kind}::text = 'frame' or position(${key.code}::text in v.body) > 0)
    order by v.code, v.language`);
  for (const letter of rows) {
    const errors = checkLetter(around.sourceOf(letter), { credentials: letter.credentials }).filter(
      (problem) => problem.severity === 'error',
    );
    if (errors.length === 0) continue;
    throw new AppError('letters.breaks_letter', { letter: `${letter.code} ${letter.language}`, problems: listed(errors, language) });
  }
}

function refuse(problems: readonly LetterProblem[], language: Language): void {
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new AppError('letters.template_invalid', { problems: listed(errors, language) });
}

function listed(problems: readonly LetterProblem[], language: Language): string {
  return problems.map((problem) => `${problem.part} ${problem.line}:${problem.column}: ${problem.message[language]}`).join('; ');
}
