import { type Language, say, sayAny } from '../../core/index.ts';
import type { RunEvent } from '../../letters/index.ts';

/** What a mail says of a run: counts and names that staff have given, nothing of any member. */
export interface RunFacts {
  readonly id: number;
  readonly event: RunEvent;
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly state_reason: string | null;
  readonly members: number;
  readonly counts: Readonly<Record<string, unknown>> | null;
  readonly author: string;
  /** What the second person said who rejected it. */
  readonly rejection: string | null;
}

export interface RunMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const COUNTS = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;

/** `publicUrl` null: the mail names the command instead of a link. */
export function composeRunMail(run: RunFacts, language: Language, publicUrl: string | null): RunMail {
  const subject = say(language, `oversight.mail.${run.event}.subject`, { id: String(run.id), name: oneLine(run.name) });
  const counts = COUNTS.flatMap((name) => {
    const count = run.counts?.[name];
    // Conflicts and failures are told when there are any.
    if (typeof count !== 'number' || (count === 0 && (name === 'conflict' || name === 'failed'))) return [];
    return [say(language, `oversight.mail.${name}`, { count })];
  });
  const lines = [
    say(language, 'oversight.mail.state', { state: sayAny(language, `state.${run.state}`) }),
    ...(run.state_reason === null ? [] : [say(language, 'oversight.mail.reason', { reason: reasonOf(run, language) })]),
    say(language, 'oversight.mail.author', { author: oneLine(run.author) }),
    say(language, 'oversight.mail.members', { count: Number(run.members) }),
    ...counts,
  ];
  const url = publicUrl === null ? null : `${publicUrl}/jobs/${run.id}`;
  const report =
    url === null ? say(language, 'oversight.mail.command', { id: String(run.id) }) : say(language, 'oversight.mail.link', { url });
  const paragraphs =
    url === null ? escaped(report) : escaped(report).replace(escaped(url), `<a href="${escaped(url)}">${escaped(url)}</a>`);
  return {
    subject,
    text: `${subject}\n\n${lines.join('\n')}\n\n${report}\n`,
    html: `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="font:1rem/1.5 system-ui,sans-serif">
<p><strong>${escaped(subject)}</strong></p>
<p>${lines.map(escaped).join('<br>')}</p>
<p>${paragraphs}</p>
</body>
</html>
`,
  };
}

function reasonOf(run: RunFacts, language: Language): string {
  const reason = sayAny(language, run.state_reason ?? '');
  return run.rejection === null ? reason : `${reason}: ${oneLine(run.rejection)}`;
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
