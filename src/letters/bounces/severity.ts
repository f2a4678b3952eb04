/** What a failure says about the address: that nobody is there, or only that this message did not arrive. */

/**
 * Statuses after which writing again is of no use: the address or its domain does not exist, or was closed.
 * `5.0.0` is what servers say that have no finer word; `5.4.1` is how Exchange says that it does not know
 * somebody. Full mailboxes (5.2.2), size (5.2.3, 5.3.4), content (5.6) and policy (5.7) are of the message
 * or the moment, and count as soft.
 */
const NOBODY = /^5\.(?:0\.0|1\.(?:0|1|2|3|4|6|10)|2\.[01]|4\.[14])$/;

/** For servers that put it into words and give a status of something else. */
const NOBODY_IN_WORDS =
  /\b(?:user|recipient|mailbox|address|account)\b[^.;]{0,40}\b(?:unknown|not found|does not exist|doesn't exist|unavailable|disabled)\b|\bno such (?:user|recipient|mailbox|address)|\bunknown (?:user|recipient|mailbox)/i;

export function severityOf(status: string | null, detail: string | null): 'hard' | 'soft' {
  if (status === null || !status.startsWith('5')) return 'soft';
  if (NOBODY.test(status)) return 'hard';
  // A full or blocked mailbox may be called unavailable as well.
  return !/^5\.(?:2\.2|7\.)/.test(status) && NOBODY_IN_WORDS.test(detail ?? '') ? 'hard' : 'soft';
}
