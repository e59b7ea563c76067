import { defineConfig } from 'vitest/config';

const oxc = { decorator: { legacy: true } } as const;

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        oxc,
        test: {
          name: 'unit',
          include: ['libs/*/src/**/*.spec.ts', 'apps/{api,market-simulator}/src/**/*.spec.ts', 'tools/**/*.spec.ts'],
          environment: 'node',
          testTimeout: 20_000,
        },
      },
      {
        oxc,
        test: {
          name: 'system',
          include: ['tests/**/*.spec.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      'apps/admin/vitest.config.ts',
    ],
  },
});
