import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: not a test, but made of the same parts. `-- -t sets` takes those whose names begin so. */
export default defineConfig({
  test: {
    include: ['test/web/screenshots/take.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
