export { sessionPaths } from './api-schemas.ts';
export { sessionCookieOf } from './cookies.ts';
export { checkCsrf } from './csrf.ts';
export { signInPlugin } from './plugin.ts';
