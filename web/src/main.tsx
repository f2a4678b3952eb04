import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/index.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import i18next from 'i18next';
import { addressOf, asProblem, loadSession } from './api/index.ts';
import { createQueryClient } from './app/query-client.ts';
import { router } from './app/router.tsx';
import { startLanguage } from './lib/language.ts';
import { takeNonce } from './lib/nonce.ts';
import { schemeManager } from './lib/scheme.ts';
import { cssVariables, theme } from './theme/theme.ts';

async function start(): Promise<void> {
  const nonce = takeNonce();
  try {
    await Promise.all([startLanguage().then(loadPage), loadSession()]);
  } catch (error) {
    if (asProblem(error).status === 401) {
      location.assign(addressOf(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`));
      return;
    }
    throw error;
  }
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no place for the page.');
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18next}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          colorSchemeManager={schemeManager()}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce}
        >
          <QueryClientProvider client={createQueryClient()}>
            <Notifications position="bottom-center" limit={3} />
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

/** The code of the page that was asked for comes while the server says who is there. What goes wrong is said when the router asks for it. */
async function loadPage(): Promise<void> {
  const matches: readonly { readonly routeId: keyof typeof router.routesById }[] = router.matchRoutes(router.latestLocation);
  await Promise.allSettled(matches.map(({ routeId }) => router.loadRouteChunk(router.routesById[routeId])));
}

void start();
