import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { accessLevels, guardRoutes, type Access } from './route-access';
import { isLoopbackHost, isSameOrigin } from './same-origin';

const servers: FastifyInstance[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function createServer(level: Access, plain?: Record<string, Access>): FastifyInstance {
  const server = fastify();
  servers.push(server);
  guardRoutes(server, () => level, plain);
  return server;
}

const config = (access: unknown): never => ({ access }) as never;

describe('guardRoutes', () => {
  it.each([undefined, {}, { access: 'everybody' }, { access: '' }, { access: null }])(
    'lets no route be added with %o',
    (given) => {
      const server = createServer('admin');
      const add = () => server.get('/x', { config: given as never }, () => 'x');
      expect(add).toThrow('route GET /x declares no access');
    },
  );

  it('lets nobody below a route\'s level in, and everybody from it on', async () => {
    for (const level of accessLevels) {
      const server = createServer(level);
      for (const access of accessLevels) {
        server.get(`/${access}`, { config: config(access) }, () => 'in');
        server.post(`/${access}`, { config: config(access) }, () => 'in');
      }
      for (const access of accessLevels) {
        const isAllowed = accessLevels.indexOf(level) >= accessLevels.indexOf(access);
        for (const method of ['GET', 'HEAD', 'POST'] as const) {
          const { statusCode } = await server.inject({ method, url: `/${access}` });
          expect([level, access, method, statusCode === 200]).toEqual([
            level, access, method, isAllowed,
          ]);
        }
      }
    }
  });

  it('says which role is needed', async () => {
    const server = createServer('viewer');
    server.get('/x', { config: config('admin') }, () => 'in');
    const { body } = await server.inject('/x');
    expect(JSON.parse(body)).toMatchObject({ code: 'access_denied' });
    expect(body).toContain('needs the role admin; you have viewer');
  });

  it('takes declarations by address for files, and answers 404 where no route is', async () => {
    const server = createServer('viewer', { '/files/*': 'public', '/secret/*': 'admin' });
    server.get('/files/*', () => 'in');
    server.get('/secret/*', () => 'in');
    const status = async (url: string) => (await server.inject(url)).statusCode;
    expect([await status('/files/a'), await status('/nowhere')]).toEqual([200, 404]);
    expect(await status('/secret/a')).toBeGreaterThanOrEqual(400);
  });
});

describe('isSameOrigin', () => {
  it.each([
    [undefined, 'localhost:3000', true],
    [undefined, undefined, true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['https://desk.example', 'desk.example', true],
    ['http://localhost:3001', 'localhost:3000', false],
    ['http://127.0.0.1:3000', 'localhost:3000', false],
    ['http://localhost', 'localhost:3000', false],
    ['https://evil.example', 'localhost:3000', false],
    ['https://localhost:3000.evil.example', 'localhost:3000', false],
    ['http://localhost:3000', undefined, false],
    ['null', 'localhost:3000', false],
    ['', 'localhost:3000', false],
    ['file://', 'localhost:3000', false],
    ['not an origin', 'localhost:3000', false],
  ])('origin %s at host %s: %s', (origin, host, expected) => {
    expect(isSameOrigin(origin, host)).toBe(expected);
  });
});

describe('isLoopbackHost', () => {
  it.each([
    ['localhost:3000', true],
    ['LOCALHOST', true],
    ['127.0.0.1:3000', true],
    ['[::1]:3000', true],
    ['evil.example:3000', false],
    ['127.0.0.1.evil.example', false],
    ['localhost@evil.example', false],
    ['', false],
    [undefined, false],
  ])('%s is %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });
});
