import { useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/index.ts';
import { ChevronRightIcon, HelpIcon, KeyboardIcon, MenuIcon, MoonIcon, SearchIcon, SunIcon } from '../components/index.ts';
import { place } from '../components/page.tsx';
import { useCan } from '../lib/access.ts';
import { chooseLanguage } from '../lib/language.ts';
import { keyNames } from '../lib/shortcuts.ts';
import { useHelpAddress } from './help.ts';

/** Milliseconds between looks at what runs. */
const LOOK_MS = 5_000;

interface TopbarProps {
  readonly menuOpened: boolean;
  readonly onMenu: () => void;
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
}

export function Topbar({ menuOpened, onMenu, onSearch, onShortcuts }: TopbarProps) {
  const { t, i18n } = useTranslation();
  const can = useCan();
  const { setColorScheme } = useMantineColorScheme();
  const help = useHelpAddress();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const other = i18n.language === 'de' ? 'en' : 'de';
  return (
    <div className="topbar">
      <button type="button" className="btn sub icon only-sm" aria-label={t('nav.menu')} aria-expanded={menuOpened} onClick={onMenu}>
        <MenuIcon large />
      </button>
      <Crumbs />
      <button type="button" className="omni" onClick={onSearch} aria-label={t('nav.search')} aria-keyshortcuts="Control+K Meta+K">
        <SearchIcon />
        <span>{t('nav.search')}</span>
        <kbd aria-hidden="true">{keyNames('mod+K').join(' ')}</kbd>
      </button>
      {can('jobs:read') && <Running />}
      <button
        type="button"
        className="btn sub hide-sm"
        onClick={() => void chooseLanguage(other)}
        lang={other}
        aria-label={t(`language.switch_${other}`)}
      >
        {other.toUpperCase()}
      </button>
      <button
        type="button"
        className="btn sub icon"
        aria-label={t(scheme === 'dark' ? 'nav.light' : 'nav.dark')}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </button>
      <button type="button" className="btn sub icon hide-sm" aria-label={t('nav.shortcuts')} onClick={onShortcuts}>
        <KeyboardIcon />
      </button>
      <a className="btn sub icon hide-sm" href={help} target="_blank" rel="noreferrer" aria-label={t('nav.help')} title={t('nav.help')}>
        <HelpIcon />
      </a>
    </div>
  );
}

function Crumbs() {
  const { t } = useTranslation();
  const { title, crumbs } = place.use();
  return (
    <nav className="crumbs" aria-label={t('nav.crumbs')}>
      <ol>
        {crumbs.map(({ label, to }) => (
          <li key={to}>
            <Link to={to}>{label}</Link>
            <ChevronRightIcon />
          </li>
        ))}
        <li className="here" aria-current="page">
          <bdi className="trunc">{title}</bdi>
        </li>
      </ol>
    </nav>
  );
}

function Running() {
  const { t } = useTranslation();
  const runs = useApi('job.list', { states: ['RUNNING'], limit: 20 }, { refetchInterval: LOOK_MS });
  const jobs = runs.data?.jobs ?? [];
  if (jobs.length === 0) return null;
  const done = jobs.reduce((sum, { progress }) => sum + progress.done, 0);
  const total = jobs.reduce((sum, { progress }) => sum + progress.total, 0);
  const [only] = jobs;
  const ring = (
    <svg className="ring" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="7" fill="none" stroke="var(--surface-3)" strokeWidth="3" />
      <circle
        cx="9"
        cy="9"
        r="7"
        fill="none"
        stroke="var(--accent-bar)"
        strokeWidth="3"
        strokeDasharray={`${(44 * done) / Math.max(1, total)} 44`}
        transform="rotate(-90 9 9)"
        strokeLinecap="round"
      />
    </svg>
  );
  const words = t('nav.running', { count: jobs.length });
  return jobs.length === 1 && only !== undefined ? (
    <Link className="live hide-sm" to="/jobs/$id" params={{ id: String(only.id) }}>
      {ring} {words}
    </Link>
  ) : (
    <Link className="live hide-sm" to="/jobs">
      {ring} {words}
    </Link>
  );
}
