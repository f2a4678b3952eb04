/**
 * Takes a picture of every page: both languages, light and dark, wide and narrow, into docs/screenshots.
 * Every file beside this one that exports `shots` is asked. `-- -t 'sets '` takes those of one name alone.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, it } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { settled, useWeb } from '../support/pages.ts';
import { smaller } from '../support/png.ts';
import { addSampleAdministration } from '../support/sample-administration.ts';
import { addSampleFeed, type SampleFeed } from '../support/sample-feed.ts';
import { type Library, makeLibrary } from './library.ts';
import type { Shot } from './shot.ts';

const PICTURES = process.env['MUSTER_SCREENSHOTS'] ?? path.resolve(import.meta.dirname, '../../../docs/screenshots');
const WIDTHS = [1440, 390] as const;

const test = useTestDatabase();
const web = useWeb(test);
let library: (Library & SampleFeed) | undefined;
beforeAll(async () => {
  library = { ...(await makeLibrary(web.server.app)), ...(await addSampleFeed(web.server.app)) };
  await addSampleAdministration(web.server.app);
  mkdirSync(PICTURES, { recursive: true });
});

const shots: Shot[] = [];
for (const file of readdirSync(import.meta.dirname).filter((name) => !['take.ts', 'shot.ts', 'library.ts'].includes(name))) {
  const module = (await import(path.join(import.meta.dirname, file))) as { readonly shots: readonly Shot[] }; // what every such file exports
  shots.push(...module.shots);
}

const looks = WIDTHS.flatMap((width) =>
  (['en', 'de'] as const).flatMap((language) => (['light', 'dark'] as const).map((scheme) => ({ width, language, scheme }))),
);

for (const { name, path: where, as = 'administrator', prepare, window = false } of shots) {
  for (const look of looks) {
    it(`${name} ${look.language} ${look.scheme} ${look.width}`, async () => {
      if (library === undefined) throw new Error('There is no library.');
      const { width, language, scheme } = look;
      const page = await web.open(typeof where === 'string' ? where : where(library), { as, ...look, height: width === 390 ? 844 : 900 });
      await prepare?.(page, look);
      await settled(page);
      if (!window) {
        // As tall as the page is: what rests on the window's edges is where it belongs.
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.max(height, width === 390 ? 844 : 900) });
      }
      const picture = await page.screenshot({ fullPage: !window, animations: 'disabled', caret: 'hide' });
      writeFileSync(path.join(PICTURES, `${name}.${language}${scheme === 'dark' ? '-dark' : ''}-${width}.png`), smaller(picture));
    });
  }
}
