/**
 * Takes a picture of every page: both languages, light and dark, wide and narrow, into docs/screenshots.
 * Every file beside this one that exports `shots` is asked. `-- -t 'sets '` takes those of one name alone.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, it } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { settled, useWeb } from '../support/pages.ts';
import { smaller } from '../support/png.ts';
import { type Library, makeLibrary } from './library.ts';
import type { Shot } from './shot.ts';

const PICTURES = process.env['MUSTER_SCREENSHOTS'] ?? path.resolve(import.meta.dirname, '../../../docs/screenshots');
const WIDTHS = [1440, 390] as const;

const test = useTestDatabase();
const web = useWeb(test);
let library: Library | undefined;
beforeAll(async () => {
  library = await makeLibrary(web.server.app);
  mkdirSync(PICTURES, { recursive: true });
});

const shots: Shot[] = [];
for (const file of readdirSync(import.meta.dirname).filter((name) => !['take.ts', 'shot.ts', 'library.ts'].includes(name))) {
  const module = (await import(path.join(import.meta.dirname, file))) as { readonly shots: readonly Shot[] }; // what every such file exports
  shots.push(...module.shots);
}

describe.each(shots)('$name', ({ name, path: where, as = 'administrator', prepare, window = false }) => {
  it.each(
    WIDTHS.flatMap((width) =>
      (['en', 'de'] as const).flatMap((language) => (['light', 'dark'] as const).map((scheme) => ({ width, language, scheme }))),
    ),
  )('$language $scheme $width', async (options) => {
    if (library === undefined) throw new Error('There is no library.');
    const { width, language, scheme } = options;
    const page = await web.open(typeof where === 'string' ? where : where(library), { as, ...options, height: width === 390 ? 844 : 900 });
    await prepare?.(page, options);
    await settled(page);
    // What rests on the window's edge would lie in the middle of a whole page.
    const picture = await page.screenshot({ fullPage: !window, animations: 'disabled', caret: 'hide' });
    writeFileSync(path.join(PICTURES, `${name}.${language}${scheme === 'dark' ? '-dark' : ''}-${width}.png`), smaller(picture));
  });
});
