import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { page } from '../../app/route.ts';

export const FORMS = ['html', 'text', 'sms', 'print'] as const;
export type LetterForm = (typeof FORMS)[number];

export const lettersRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/letters',
    staticData: { needs: 'letters:read' },
  }).lazy(() =>
    page(
      'letters',
      () => import('./letters-page.tsx'),
      (module) => module.LettersPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/letters/$type',
    staticData: { needs: 'letters:read' },
    validateSearch: letterSearch,
  }).lazy(() =>
    page(
      'letters',
      () => import('./letter-page.tsx'),
      (module) => module.LetterPage,
    ),
  ),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/letters/snippets/$name',
    staticData: { needs: 'letters:read' },
    validateSearch: snippetSearch,
  }).lazy(() =>
    page(
      'letters',
      () => import('./snippet-page.tsx'),
      (module) => module.SnippetPage,
    ),
  ),
] as const;

/** `language`: which letter; `user`: on whom it is tried; `as`: in which form; `set`: for whom it is checked. */
export interface LetterSearch {
  readonly language?: string;
  readonly user?: string;
  readonly as?: LetterForm;
  readonly set?: number;
}

function letterSearch(given: Record<string, unknown>): LetterSearch {
  const form = FORMS.find((each) => each === given['as']);
  return {
    ...snippetSearch(given),
    ...(typeof given['user'] === 'string' || typeof given['user'] === 'number' ? { user: String(given['user']) } : {}),
    ...(form === undefined ? {} : { as: form }),
    ...(typeof given['set'] === 'number' ? { set: given['set'] } : {}),
  };
}

function snippetSearch(given: Record<string, unknown>): { readonly language?: string } {
  return typeof given['language'] === 'string' ? { language: given['language'] } : {};
}
