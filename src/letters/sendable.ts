/** Whether a text can be sent as it is: asked when it is saved, and once more when it is published. */
import type { Queryable } from '../core/index.ts';
import { requireValidLetter } from './letter.ts';
import { partsOf } from './stored-letter.ts';
import { lockType } from './types.ts';
import type { TextContent, TextKey } from './versions.ts';

/** Throws `letters.template_invalid` with every problem and its place; for a letter `letters.type_not_found` too. */
export async function requireSendable(tx: Queryable, key: TextKey, text: TextContent): Promise<void> {
  const { language } = key;
  if (key.kind === 'letter') {
    const { credentials } = await lockType(tx, key.code);
    requireValidLetter(partsOf({ language, subject: text.subject ?? '', body: text.body }), language, credentials);
    return;
  }
  for (const body of [text.body, text.frame?.header ?? '', text.frame?.footer ?? ''].filter((part) => part.trim() !== '')) {
    requireValidLetter(partsOf({ language, subject: key.code, body }), language, false);
  }
}
