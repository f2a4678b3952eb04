export { almaErrorOf } from './app-errors.ts';
export { AlmaError, GatewayError, sendAlmaError, unauthorized } from './errors.ts';
export { AlmaQuery } from './query.ts';
export { acceptAnyBody, hasBody } from './read.ts';
export { type AlmaAnswer, type AlmaCall, almaRoute } from './route.ts';
export { Thresholds } from './thresholds.ts';
