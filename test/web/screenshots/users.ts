import type { Shot } from './shot.ts';

const GRADUATES = encodeURIComponent('status = "ACTIVE" and user_group = "GRAD" and expiry_date < today + 6 months');
const byLanguage = (language: 'en' | 'de', en: string, de: string): RegExp => new RegExp(language === 'de' ? de : en);

export const shots: readonly Shot[] = [
  {
    name: 'users',
    path: `/users?where=${GRADUATES}`,
    window: true,
    prepare: async (page, { language, width }) => {
      if (width > 760) await page.getByRole('checkbox', { name: byLanguage(language, '^Select all', '^Alle auswählen') }).click();
      else await page.getByRole('checkbox').first().click();
    },
  },
  {
    name: 'users-columns',
    path: `/users?where=${GRADUATES}`,
    window: true,
    prepare: (page, { language }) => page.getByRole('button', { name: byLanguage(language, '^Columns', '^Spalten') }).click(),
  },
  {
    name: 'users-filter',
    path: '/users',
    window: true,
    prepare: async (page, { language }) => {
      await page.getByRole('button', { name: byLanguage(language, 'Add filter', 'Filter hinzufügen') }).click();
      await page
        .getByRole('combobox')
        .first()
        .fill(language === 'de' ? 'Benutzergruppe' : 'User group');
      await page.getByRole('option').first().click();
    },
  },
  { name: 'users-no-match', path: '/users?text=qqqqq', window: true },
  { name: 'user', path: (library) => `/users/${encodeURIComponent(library.user)}` },
  {
    name: 'user-edit',
    path: (library) => `/users/${encodeURIComponent(library.user)}`,
    window: true,
    prepare: (page, { language }) =>
      page.getByRole('button', { name: byLanguage(language, '^Edit: Account$', '^Bearbeiten: Konto$') }).click(),
  },
  {
    name: 'user-password',
    path: (library) => `/users/${encodeURIComponent(library.user)}`,
    window: true,
    prepare: (page, { language }) =>
      page.getByRole('button', { name: byLanguage(language, '^Reset password$', '^Passwort zurücksetzen$') }).click(),
  },
  {
    name: 'user-erase',
    path: (library) => `/users/${encodeURIComponent(library.user)}`,
    window: true,
    prepare: async (page, { language }) => {
      await page.getByRole('button', { name: byLanguage(language, '^More about this user$', '^Mehr zu diesem Benutzer$') }).click();
      await page.getByRole('menuitem', { name: byLanguage(language, '^Erase for good$', '^Endgültig löschen$') }).click();
    },
  },
  { name: 'user-merge-which', path: (library) => `/users/${encodeURIComponent(library.user)}/merge` },
  {
    name: 'user-merge',
    // Whom a feed owns is the one that stays.
    path: (library) => `/users/${encodeURIComponent(library.user)}/merge?swapped=true`,
    prepare: async (page) => {
      await page.getByRole('searchbox').fill('schwa');
      await page.locator('.merge-found button').nth(1).click();
      await page.locator('.merge-field').first().waitFor();
    },
  },
  { name: 'user-new', path: '/new-user' },
];
