import './shell.css';
import { AppShell, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Outlet, useMatches, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { isSessionOver, onSessionChange } from '../api/index.ts';
import { LoadingPage, NoPermission, Page } from '../components/index.ts';
import { useCan } from '../lib/access.ts';
import { useShortcutKeys, useShortcuts } from '../lib/shortcuts.ts';
import { Navbar } from './navbar.tsx';
import { ADMINISTRATION, NAVIGATION } from './navigation.ts';
import { Topbar } from './topbar.tsx';

// None of these is needed before somebody asks for it.
const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));
const Shortcuts = lazy(() => import('./shortcuts-overview.tsx').then((module) => ({ default: module.ShortcutsOverview })));
const SignInAgain = lazy(() => import('./sign-in-again.tsx').then((module) => ({ default: module.SignInAgain })));

/** What stands around every page. */
export function Shell() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const [overview, setOverview] = useState(false);
  const over = useSyncExternalStore(onSessionChange, isSessionOver);
  const loading = useRouterState({ select: (state) => state.status === 'pending' });
  const lacking = useMatches({
    select: (matches) => matches.map(({ staticData }) => staticData.needs).find((needs) => needs !== undefined && !can(needs)),
  });

  useShortcutKeys();
  const general = t('shortcut.general');
  useShortcuts([
    { keys: 'mod+K', label: t('shortcut.search'), group: general, run: () => setPalette(true) },
    { keys: '?', label: t('shortcut.overview'), group: general, run: () => setOverview(true) },
    ...[...NAVIGATION, ADMINISTRATION]
      .filter(({ needs }) => needs.length === 0 || needs.some(can))
      .map(({ to, label, key }) => ({ keys: `G ${key}`, label: t(label), group: t('shortcut.go'), run: () => void navigate({ to }) })),
  ]);

  const navbar = <Navbar onGo={() => setMenu(false)} onShortcuts={() => setOverview(true)} />;
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it goes to a place on the page */}
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          // The address of the page stays as it is.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('nav.skip')}
      </a>
      <AppShell
        layout="alt"
        header={{ height: 52 }}
        navbar={{ width: 224, breakpoint: 760, collapsed: { mobile: true } }}
        transitionDuration={0}
      >
        {!phone && (
          <AppShell.Navbar aria-label={t('nav.main')} component="nav">
            {navbar}
          </AppShell.Navbar>
        )}
        <AppShell.Header>
          <Topbar menuOpened={menu} onMenu={() => setMenu(true)} onSearch={() => setPalette(true)} onShortcuts={() => setOverview(true)} />
          {loading && <div className="shell-load" role="status" aria-label={t('state.loading')} />}
        </AppShell.Header>
        <AppShell.Main component="div">
          <main className="main" id="main" tabIndex={-1}>
            <Suspense fallback={<LoadingPage />}>
              {lacking === undefined ? (
                <Outlet />
              ) : (
                <Page title={t('state.no_permission')}>
                  <NoPermission privilege={lacking} />
                </Page>
              )}
            </Suspense>
          </main>
        </AppShell.Main>
      </AppShell>
      {phone && (
        <Drawer.Root opened={menu} onClose={() => setMenu(false)} size={264} padding={0}>
          <Drawer.Overlay className="overlay" />
          <Drawer.Content aria-label={t('nav.menu')}>
            <Drawer.Body>
              <nav aria-label={t('nav.main')} className="nav-drawer">
                {navbar}
              </nav>
            </Drawer.Body>
          </Drawer.Content>
        </Drawer.Root>
      )}
      <Suspense fallback={null}>
        {palette && <Palette onClose={() => setPalette(false)} onShortcuts={() => setOverview(true)} />}
        {overview && <Shortcuts onClose={() => setOverview(false)} />}
        {over && <SignInAgain />}
      </Suspense>
    </>
  );
}
