export { sessionPaths } from './api-schemas.ts';
export { html } from './html.ts';
export { frameOf, goTo, sendPage } from './page.ts';
export { presentSession } from './session.ts';
export { sessionCookieOf } from './cookies.ts';
export { checkCsrf } from './csrf.ts';
export { signInPlugin } from './plugin.ts';
