/** How many parts a text message is sent in: 3GPP TS 23.038, 6.2.1 (the GSM 7 bit alphabet) and 6.2.3 (UCS2). */

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Each takes two places: an escape goes before it (6.2.1.1). */
const EXTENSION = '\f^{}\\[~]|€';

export interface SmsSegments {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Places that the text takes: of 7 bits, or of 16. */
  readonly length: number;
  readonly segments: number;
  /** Characters because of which it is UCS-2, each once. */
  readonly beyond: readonly string[];
}

/** One part holds 160 (70) places; of several each holds 153 (67), for the header that joins them. A pair of places is never parted. */
export function smsSegments(text: string): SmsSegments {
  const chars = [...text];
  const beyond = [...new Set(chars.filter((char) => !BASIC.includes(char) && !EXTENSION.includes(char)))];
  const gsm = beyond.length === 0;
  const sizes = chars.map((char) => (gsm ? (EXTENSION.includes(char) ? 2 : 1) : char.length));
  const length = sizes.reduce((sum, size) => sum + size, 0);
  const encoding = gsm ? 'GSM-7' : 'UCS-2';
  if (length <= (gsm ? 160 : 70)) return { encoding, length, segments: length === 0 ? 0 : 1, beyond };
  const room = gsm ? 153 : 67;
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > room) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, length, segments, beyond };
}
