export { callerLanguage, contextOf, publicUrlOf } from './caller.ts';
export { createHttpServer, type HttpParts } from './server.ts';
