import { defineConfig } from 'vitest/config';

const oxc = { decorator: { legacy: true } } as const;

// One database server for the whole run, whichever projects it selects, and one Redis if asked for.
const globalSetup = ['./tools/services/postgres-setup.ts', './tools/services/redis-setup.ts'];

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        oxc,
        test: {
          name: 'unit',
          globalSetup,
          include: [
            'libs/*/src/**/*.spec.ts',
            'apps/{api,market-simulator}/src/**/*.spec.ts',
            'tools/**/*.spec.ts',
          ],
          environment: 'node',
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        oxc,
        test: {
          name: 'system',
          globalSetup,
          include: ['tests/**/*.spec.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // After all others and one file at a time: these start servers and watch deadlines.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      // The console's own configuration; its group order has to be 0 or 1.
      'apps/*/vitest.config.ts',
    ],
  },
});
