import type { OperationName } from '../../api/index.ts';

/** Which text: `code` is the notification type of a letter, the name of a snippet. */
export interface TextKey {
  readonly kind: 'letter' | 'snippet';
  readonly code: string;
  readonly language: string;
}

/** What is no longer true once a text has been saved or published. */
export const OF_A_TEXT: readonly OperationName[] = [
  'letter.show',
  'letter.list',
  'letter.check',
  'letter.preview',
  'notification_type.list',
  'letter_text.list',
  'letter_text.show',
  'letter_text.versions',
  'letter_text.compare',
];
