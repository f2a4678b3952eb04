/** What became of the letters of a run, or would: counted from the groups that the statements give. */

/** The first seven add up to the `recipients`, always. */
export interface LetterCounts {
  /** Users whom the plan chose. */
  recipients: number;
  /** Messages that go out; `channels` divides them. */
  queued: number;
  no_address: number;
  /** There are addresses, but none that may be written to. */
  suppressed: number;
  opted_out: number;
  /** Written to too recently. */
  not_again: number;
  /** Written to already about this date. */
  once: number;
  /** Another user of the run with the same address gets it. */
  same_address: number;
  /** Of the queued e-mails, those to users who have addresses of an institution only; counted where it matters. */
  only_institutional: number;
  /** Channel → language → messages. */
  channels: Record<string, Record<string, number>>;
}

/** How a statement tells what becomes of a letter; see LetterOrder. */
const LETTER_KINDS = [
  'none',
  'opted_out',
  'not_again',
  'once',
  'no_address',
  'suppressed',
  'email',
  'sms',
  'print',
  'email_institutional',
  'same_address',
] as const;

export function noLetters(): LetterCounts {
  return {
    recipients: 0,
    queued: 0,
    no_address: 0,
    suppressed: 0,
    opted_out: 0,
    not_again: 0,
    once: 0,
    same_address: 0,
    only_institutional: 0,
    channels: {},
  };
}

/** Counts users for whom the statement gave this kind and language. */
export function addLetter(counts: LetterCounts, kind: number, language: string | null, users: number): void {
  const known = LETTER_KINDS[kind];
  if (known === undefined) throw new Error(`no letter is of kind ${kind}`);
  if (known === 'none') return;
  counts.recipients += users;
  if (known === 'email' || known === 'sms' || known === 'print' || known === 'email_institutional') {
    counts.queued += users;
    if (known === 'email_institutional') counts.only_institutional += users;
    addQueued(counts, known === 'email_institutional' ? 'email' : known, language ?? '', users);
  } else counts[known] += users;
}

function addQueued(counts: LetterCounts, channel: string, language: string, users: number): void {
  const own = counts.channels[channel] ?? {};
  own[language] = (own[language] ?? 0) + users;
  counts.channels[channel] = own;
}

/** Messages that turned out to be to an address that had got one: they do not go out. */
export function spareMails(counts: LetterCounts, language: string, messages: number): void {
  counts.queued -= messages;
  counts.same_address += messages;
  addQueued(counts, 'email', language, -messages);
  if (counts.channels['email']?.[language] === 0) delete counts.channels['email'][language];
}

export function addLetters(into: LetterCounts, more: LetterCounts): void {
  const { channels, ...numbers } = more;
  for (const [name, users] of Object.entries(numbers)) into[name as keyof typeof numbers] += users; // the keys of that very object
  for (const [channel, languages] of Object.entries(channels)) {
    for (const [language, users] of Object.entries(languages)) addQueued(into, channel, language, users);
  }
}
