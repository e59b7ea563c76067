import { errorBodySchema } from '@strikewire/contracts';
import { accessRules, createOriginPolicy, nobody, RateWindow } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeUpgrades } from './socket-upgrades';

const server = createServer();
const port = (): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origins = createOriginPolicy({ allowedOrigins: [] });
  const guard = { clock: { wallMs: () => 0 }, origins, identify: () => nobody };
  const rates = new RateWindow({ monoMs: () => 0 }, { countMax: 100, windowMs: 60_000 });
  const options = { guard, rates, log: silentLog, nextId: () => 'r-1' };
  routeUpgrades(server, { '/ws': accessRules.everybody, '/mine': accessRules.people }, options).on(
    'upgrade',
    ({ url, headers }: IncomingMessage, socket: Duplex) =>
      socket.end(`HTTP/1.1 101 x\r\n\r\n${headers.host} ${url}`),
  );
});

afterAll(() => void server.close());

/** The answer to a handshake, whole: resolves when the server has closed. */
function upgrade(target: string): Promise<string> {
  const headers = ['Host: localhost', 'Connection: upgrade', 'Upgrade: websocket'];
  return new Promise((resolve, reject) => {
    const socket = connect(port(), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(`${[`GET ${target} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
  });
}

describe('routeUpgrades', () => {
  it.each([
    ['/ws', 'localhost /ws'],
    ['/ws?a=/x', 'localhost /ws?a=/x'],
    ['http://localhost:3000/ws?a', 'localhost:3000 /ws?a'],
  ])('hands %s on', async (target, expected) => {
    expect(await upgrade(target)).toBe(`HTTP/1.1 101 x\r\n\r\n${expected}`);
  });

  it.each(['/', '/ws/', '/wsx', '/nowhere', '//ws', 'http://localhost/nowhere', '*'])(
    'answers %s with 404 and closes',
    async (target) => {
      const [head, body = ''] = (await upgrade(target)).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1.1 404 Not Found\r\n.*connection: close$/s);
      expect(errorBodySchema.parse(JSON.parse(body)).error).toMatchObject({
        code: 'route_unknown', requestId: 'r-1',
      });
    },
  );

  it('answers whoever may not with why not', async () => {
    const [head, body = ''] = (await upgrade('/mine')).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n/);
    expect(errorBodySchema.parse(JSON.parse(body)).error.code).toBe('sign_in_needed');
  });
});
