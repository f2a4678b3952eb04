/** XML shapes of sets, jobs and the other bodies under /conf. */
import type { XmlShape } from '../../feeds/index.ts';

export const CONF_SHAPES: Readonly<Record<string, XmlShape>> = {};
