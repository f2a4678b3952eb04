import { measure } from './support/api-measure.ts';

await measure('PUT');
