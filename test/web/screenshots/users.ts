import type { Shot } from './shot.ts';

const GRADUATES = encodeURIComponent('status = "ACTIVE" and user_group = "GRAD" and expiry_date < today + 6 months');

export const shots: readonly Shot[] = [
  {
    name: 'users',
    path: `/users?where=${GRADUATES}`,
    window: true,
    prepare: async (page) => {
      await page.getByRole('table').getByRole('checkbox').first().click();
    },
  },
  { name: 'user', path: (library) => `/users/${encodeURIComponent(library.user)}` },
  { name: 'user-new', path: '/new-user' },
];
