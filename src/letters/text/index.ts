export { type CheckOptions, checkLetter, hasErrors } from './check.ts';
export { compileLetter } from './compile.ts';
export { withDetails } from './details.ts';
export { type LetterFieldView, letterFields } from './fields.ts';
export { COLOURS, FRAMES, frameFor } from './frame.ts';
export { type SmsSegments, smsSegments } from './sms.ts';
export type * from './types.ts';
