import { STUDENT_COLUMNS, studentFile } from '../support/sample-feed.ts';
import type { Shot } from './shot.ts';

export const shots: readonly Shot[] = [
  { name: 'feeds', path: '/administration/feeds' },
  { name: 'feed', path: '/administration/feeds/CAMPUS' },
  {
    name: 'feeds-look',
    path: '/administration/feeds/CAMPUS',
    prepare: async (page, { language }) => {
      const buffer = Buffer.from(studentFile(238, 3));
      await page
        .getByLabel(language === 'de' ? 'Datei dieses Zulieferers' : 'File of this feed')
        .setInputFiles({ name: 'students-2026-11-29.csv', mimeType: 'text/csv', buffer });
      await page.getByRole('button', { name: language === 'de' ? 'Zeigen, was sie täte' : 'Show what it would do' }).click();
      await page.getByRole('table', { name: language === 'de' ? 'Vorher → nachher' : 'Before → after' }).waitFor();
    },
  },
  { name: 'feeds-file', path: ({ feed }) => `/administration/feed-files/${feed.loaded}` },
  { name: 'feeds-held', path: ({ feed }) => `/administration/feed-files/${feed.held}` },
  { name: 'feeds-rejections', path: ({ feed }) => `/administration/feed-rejections/${feed.run}` },
  { name: 'feed-run', path: ({ feed }) => `/jobs/${feed.run}` },
  { name: 'feed-settings', path: '/administration/feeds/CAMPUS/settings' },
  {
    name: 'feed-new',
    path: '/administration/new-feed',
    prepare: async (page, { language }) => {
      const german = language === 'de';
      await page.getByRole('combobox', { name: german ? 'Quelle' : 'Source' }).click();
      await page.getByRole('option', { name: 'SFTP' }).click();
      await page.getByRole('combobox', { name: german ? 'Spalten einer CSV-Datei' : 'Columns of a CSV file' }).click();
      await page.getByRole('option', { name: german ? 'wie hier beschrieben' : 'as described here' }).click();
      await page.getByLabel(german ? 'als JSON' : 'as JSON').fill(JSON.stringify(STUDENT_COLUMNS, null, 2));
    },
  },
];
