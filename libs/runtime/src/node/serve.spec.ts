import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServedRequest } from '../http';
import type { Site, Socket } from '../socket';
import { serveSite, type ServedSite } from './serve';

const open: ServedSite[] = [];

async function serve(site: Site, bodyBytesMax = 1_000): Promise<{ url: string; port: number }> {
  const served = await serveSite(site, { host: '127.0.0.1', port: 0, bodyBytesMax });
  open.push(served);
  return { url: `http://127.0.0.1:${served.port}`, port: served.port };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()));
});

/** Resolves with what a client hears until its connection has ended. */
function listen(client: WebSocket): Promise<{ code: number; messages: string[]; pings: number }> {
  const heard = { code: 0, messages: [] as string[], pings: 0 };
  client.on('message', (data: Buffer) => heard.messages.push(data.toString('hex')));
  client.on('ping', () => heard.pings++);
  client.on('error', () => {});
  return new Promise((resolve) => {
    client.on('close', (code) => resolve({ ...heard, code }));
  });
}

const noHttp = (): { status: number } => ({ status: 404 });

describe('serveSite over HTTP', () => {
  it('hands over method, path, query, headers, body and address', async () => {
    const seen: ServedRequest[] = [];
    const { url } = await serve({
      http: (given) => {
        seen.push(given);
        return { status: 201, headers: { 'x-answer': 'yes' }, body: 'made' };
      },
    });
    const answer = await fetch(`${url}/v2/a%20b?x=1&x=2`, {
      method: 'POST', headers: { 'X-Given': 'Value' }, body: 'four',
    });
    expect([answer.status, answer.headers.get('x-answer'), await answer.text()]).toEqual([
      201, 'yes', 'made',
    ]);
    const [given] = seen;
    expect(given).toMatchObject({
      method: 'POST', path: '/v2/a%20b', headers: { 'x-given': 'Value' },
      remoteAddress: '127.0.0.1',
    });
    expect(given?.query.getAll('x')).toEqual(['1', '2']);
    expect(new TextDecoder().decode(given?.body)).toBe('four');
  });

  it('streams a body of many parts', async () => {
    async function* parts(): AsyncIterable<Uint8Array> {
      for (let part = 0; part < 300; part++) yield new Uint8Array(10_000).fill(65);
    }
    const { url } = await serve({ http: () => ({ status: 200, body: parts() }) });
    expect((await (await fetch(url)).text()).length).toBe(3_000_000);
  });

  it('answers a body that is too large with 413', async () => {
    const { url } = await serve({ http: () => ({ status: 200 }) }, 100);
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(100) })).status).toBe(200);
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(101) })).status).toBe(413);
  });

  it('drops the connection when the handler fails', async () => {
    const { port } = await serve({ http: () => Promise.reject(new Error('no answer')) });
    const ended = new Promise((resolve) => {
      const asked = request({ host: '127.0.0.1', port }, () => resolve('answered'));
      asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      asked.end();
    });
    expect(await ended).toBe('ECONNRESET');
  });

  it('says that a port is taken', async () => {
    const { port } = await serve({ http: noHttp });
    const again = serveSite({ http: noHttp }, { host: '127.0.0.1', port, bodyBytesMax: 1 });
    await expect(again).rejects.toMatchObject({ kind: 'fatal', code: 'port_in_use' });
  });
});

describe('serveSite over WebSocket', () => {
  it('carries text, binary and pings both ways, and closes with a code', async () => {
    const heard: [string, boolean][] = [];
    let pongs = 0;
    let closedWith: number | undefined;
    const { port } = await serve({
      http: noHttp,
      socket: ({ path, query }) => ({
        accept: (socket) => {
          socket.send(`${path} ${query.get('token')}`);
          socket.send(new Uint8Array([1, 2, 3]));
          socket.ping();
          return {
            message(data, isBinary) {
              heard.push([Buffer.from(data).toString(), isBinary]);
              if (heard.length === 2) socket.close(4001, 'enough');
            },
            alive: () => void pongs++,
            closed: (code) => (closedWith = code),
          };
        },
      }),
    });
    const client = new WebSocket(`ws://127.0.0.1:${port}/any/path?token=t`);
    const ended = listen(client);
    client.on('open', () => {
      client.send('text');
      client.send(Buffer.from('bytes'));
    });
    expect(await ended).toEqual({
      code: 4001, pings: 1, messages: [Buffer.from('/any/path t').toString('hex'), '010203'],
    });
    await expect.poll(() => [heard, pongs, closedWith]).toEqual([
      [['text', false], ['bytes', true]], 1, 4001,
    ]);
  });

  it('ends the connection without a close frame on terminate', async () => {
    let socket: Socket | undefined;
    const { port } = await serve({
      http: noHttp,
      socket: () => ({
        accept: (given) => {
          socket = given;
          return { message: () => socket?.terminate(), closed() {} };
        },
      }),
    });
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    const ended = listen(client);
    client.on('open', () => client.send('go'));
    expect((await ended).code).toBe(1006);
    expect(() => socket?.send('late')).not.toThrow();
  });

  it.each([[429, 429], [401, 401]])('refuses with status %i', async (status, expected) => {
    const { port } = await serve({ http: noHttp, socket: () => ({ refuse: status, body: 'no' }) });
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    const refused = new Promise((resolve) => {
      client.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(await refused).toBe(expected);
  });

  it('refuses sockets where the site has none', async () => {
    const { port } = await serve({ http: noHttp });
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    const refused = new Promise((resolve) => {
      client.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(await refused).toBe(404);
  });

  it('ends open connections when closed', async () => {
    const site: Site = {
      http: noHttp, socket: () => ({ accept: () => ({ message() {}, closed() {} }) }),
    };
    const served = await serveSite(site, { host: '127.0.0.1', port: 0, bodyBytesMax: 10 });
    const client = new WebSocket(`ws://127.0.0.1:${served.port}`);
    const ended = listen(client);
    await new Promise((resolve) => client.on('open', resolve));
    await served.close();
    expect((await ended).code).toBe(1006);
  });
});
