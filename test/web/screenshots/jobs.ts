import type { Shot } from './shot.ts';

export const shots: readonly Shot[] = [
  { name: 'jobs', path: '/jobs' },
  { name: 'jobs-scheduled', path: '/jobs?list=scheduled' },
  { name: 'jobs-templates', path: '/jobs?list=templates' },
  {
    name: 'run',
    path: ({ runs }) => `/jobs/${runs.done}`,
    prepare: async (page) => {
      await page.locator('#undo .danger').click();
      await page.locator('#undo .undo-preview').waitFor();
    },
    window: true,
  },
  { name: 'run-undone', path: ({ runs }) => `/jobs/${runs.undone}`, window: true },
];
