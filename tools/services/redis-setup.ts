import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startRedis, type TestRedis } from './redis';

/**
 * Gives a test run one Redis: REDIS_URL when that is set, else a throw-away server of our own,
 * started when the first suite asks for it through `testRedis` and ended with the run. Suites run
 * in other processes, so they ask over a local port.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_REDIS_URL'] !== undefined) return undefined;
  if (process.env['TEST_REDIS_STARTER'] !== undefined) return undefined;
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') {
    process.env['TEST_REDIS_URL'] = given;
    return undefined;
  }
  let starting: Promise<TestRedis> | undefined;
  const server = createServer((_request, response) => {
    starting ??= startRedis();
    starting.then(
      ({ url }) => response.end(url),
      (error: unknown) => {
        response.statusCode = 503;
        response.end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.env['TEST_REDIS_STARTER'] = `http://127.0.0.1:${port}`;
  return async () => {
    delete process.env['TEST_REDIS_STARTER'];
    server.close();
    const redis = await starting?.catch(() => undefined);
    await redis?.stop();
  };
}
