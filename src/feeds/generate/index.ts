export { type GenerateResult, generateUsers } from './generate-users.ts';
