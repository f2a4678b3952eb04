/** What becomes of the letters of a run, as the preview and the report show it. */
import { printable, type Screen } from './screen.ts';

interface LetterNumbers {
  readonly recipients: number;
  readonly queued: number;
  readonly no_address: number;
  readonly suppressed: number;
  readonly opted_out: number;
  readonly not_again: number;
  readonly once: number;
  readonly same_address: number;
  readonly only_institutional: number;
  /** Channel → language → messages. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Wording {
  readonly type: string;
  readonly language: string;
  readonly number: number;
  readonly subject: string;
}

interface Letters {
  readonly by_type: Readonly<Record<string, LetterNumbers>>;
  readonly wording: readonly Wording[];
}

const LEFT_OUT = ['no_address', 'suppressed', 'opted_out', 'not_again', 'once', 'same_address'] as const;

/** For each letter: how many go out, by which channel and in which language; who gets none, and why; the subjects. */
export function showLetters(screen: Screen, letters: Letters, tense: 'would' | 'did'): void {
  for (const [type, own] of Object.entries(letters.by_type)) {
    if (own.recipients === 0) continue;
    screen.line();
    const words = screen.text(`letter_counts.${tense}`, { queued: own.queued, recipients: own.recipients });
    screen.line(`${screen.style('cyan', '✉')} ${screen.style('bold', type)}  ${words}`);
    for (const channel of ['email', 'sms', 'print'] as const) showChannel(screen, channel, own);
    for (const reason of LEFT_OUT) {
      if (own[reason] > 0) screen.line(`    ${screen.number(own[reason])}  ${screen.text(`letter_counts.${reason}`, {})}`);
    }
    showWording(screen, type, own, letters.wording);
  }
}

function showChannel(screen: Screen, channel: 'email' | 'sms' | 'print', letter: LetterNumbers): void {
  const languages = Object.entries(letter.channels[channel] ?? {})
    .filter(([, messages]) => messages > 0)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
  if (languages.length === 0) return;
  const sum = languages.reduce((total, [, messages]) => total + messages, 0);
  const parts = languages.map(([language, messages]) => `${language} ${screen.number(messages)}`).join(' · ');
  screen.line(`    ${screen.number(sum)}  ${screen.text(`letter_counts.${channel}`, {})}  ${screen.style('dim', parts)}`);
  if (channel === 'email' && letter.only_institutional > 0) {
    const words = screen.text('letter_counts.only_institutional', {});
    screen.line(screen.style('yellow', `      ! ${screen.number(letter.only_institutional)}  ${words}`));
  }
}

/** Only of the languages that somebody gets. */
function showWording(screen: Screen, type: string, letter: LetterNumbers, wording: readonly Wording[]): void {
  const spoken = new Set(Object.values(letter.channels).flatMap((languages) => Object.keys(languages)));
  for (const { language, number, subject } of wording.filter((own) => own.type === type && spoken.has(own.language))) {
    const version = screen.style('dim', `(${screen.text('letter_counts.version', { number })})`);
    screen.line(`    ${language}  ${screen.text('letter_counts.subject', { subject: printable(subject) })} ${version}`);
  }
}
