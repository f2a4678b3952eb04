export { almaErrorOf } from './app-errors.ts';
export { AlmaError, GatewayError, sendAlmaError, unauthorized } from './errors.ts';
export { AlmaQuery } from './query.ts';
export { acceptAnyBody, hasBody, readAlma } from './read.ts';
export { type AlmaAnswer, type AlmaCall, almaRoute, BASE_PATH } from './route.ts';
export { sendAlma } from './send.ts';
export { Thresholds } from './thresholds.ts';
