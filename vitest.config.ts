import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const oxc = { decorator: { legacy: true } } as const;

// One database server for the whole run, whichever projects it selects, and one Redis if asked for.
const globalSetup = ['./tools/services/postgres-setup.ts', './tools/services/redis-setup.ts'];

// Days of the platform in virtual time: nothing but computing, and no deadline to miss.
const days = 'tests/days/**/*.spec.ts';

/** Units that change what all of a process share: its zone, its environment, its globals. */
const ownProcess = [
  'libs/client/src/browser/browser-open-socket.spec.ts',
  'libs/platform/src/postgres/start-postgres.spec.ts',
  'libs/trading-hours/src/core/host-in-*.spec.ts',
  'tools/{lint,start,test}/*.spec.ts',
];

const units = {
  globalSetup,
  environment: 'node',
  // Far more than any needs: a busy machine is no reason to fail.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
  sequence: { groupOrder: 0 },
} as const;

/** What takes minutes, most of them waiting: begun last it would leave the other core idle. */
const longest = ['tests/failover-sockets.spec.ts', 'tests/universe-soak.spec.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      longest.some((file) => moduleId.endsWith(file));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    // Half of the files wait for a child process or a server, so two cores bear two of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        oxc,
        test: {
          ...units,
          name: 'unit',
          include: [
            'libs/*/src/**/*.spec.ts',
            'apps/{api,market-simulator}/src/**/*.spec.ts',
            'tools/**/*.spec.ts',
          ],
          exclude: ownProcess,
          // Modules keep nothing that one file could leave to the next: read once, they are read
          // once for all, which takes a third of the time.
          isolate: false,
        },
      },
      { oxc, test: { ...units, name: 'unit in its own process', include: ownProcess } },
      {
        oxc,
        test: {
          // Begins before the units, by its name: its files are the longest of the group.
          name: 'days',
          include: [days],
          environment: 'node',
          testTimeout: 300_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        oxc,
        test: {
          name: 'system',
          globalSetup,
          include: ['tests/**/*.spec.ts'],
          exclude: [days],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // After all others. Most of their time these wait for servers, browsers and deadlines:
          // two cores bear three of them.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      // The console's own configuration; its group order has to be 0 or 1.
      'apps/*/vitest.config.ts',
    ],
  },
});
