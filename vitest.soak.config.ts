import { defineConfig, mergeConfig } from 'vitest/config';
import everyday from './vitest.config.ts';

/** The long versions of the fault and property tests, one file after the other: `npm run soak`. */
export default mergeConfig(
  { ...everyday, test: { ...everyday.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['test/soak/**/*.test.ts'],
      exclude: ['node_modules/**'],
      maxWorkers: 1,
      testTimeout: 24 * 60 * 60 * 1000,
      hookTimeout: 10 * 60 * 1000,
    },
  }),
);
