import { measure } from './api-measure.ts';

await measure('GET');
