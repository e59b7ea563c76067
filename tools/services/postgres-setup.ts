import { silentLog } from '@strikewire/runtime';
import { startPostgres } from '@strikewire/platform/postgres';

/**
 * Gives a test run one database server: DATABASE_URL when that is set, else a throw-away server
 * of our own. Suites reach it through `createTestDatabase`.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return undefined;
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    process.env['TEST_DATABASE_URL'] = given;
    return undefined;
  }
  const server = await startPostgres({ durable: false, log: silentLog });
  process.env['TEST_DATABASE_URL'] = server.url;
  return async () => {
    delete process.env['TEST_DATABASE_URL'];
    await server.stop();
  };
}
