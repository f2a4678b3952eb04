import { useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../api/address.ts';
import { HELP_OF } from './help-pages.ts';

/** Where the help for the present page is, in the page's language. */
export function useHelpAddress(): string {
  const { i18n } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const begins = Object.keys(HELP_OF).filter((start) => start === '/' || path === start || path.startsWith(`${start}/`));
  const longest = begins.toSorted((a, b) => b.length - a.length)[0] ?? '/';
  return addressOf(`/help/${HELP_OF[longest]}?lang=${i18n.language === 'de' ? 'de' : 'en'}`);
}
