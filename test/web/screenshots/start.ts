import type { Shot } from './shot.ts';

export const shots: readonly Shot[] = [
  { name: 'start', path: '/' },
  {
    name: 'start-palette',
    path: '/',
    window: true,
    prepare: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('an');
      await page.waitForTimeout(600);
    },
  },
];
