import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../http';
import { createNodeClock } from './clock';
import { createNodeHttp } from './http';

const servers: Server[] = [];
const http = createNodeHttp(createNodeClock());

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<HttpRequest> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v2/x?token=secret`;
  return { method: 'POST', url, timeoutMs: 5_000, bytesMax: 1_000 };
}

const failure = (reason: RegExp) => ({
  kind: 'retryable',
  code: 'network_failed',
  message: expect.stringMatching(reason),
});

describe('send', () => {
  it('sends method, headers and body, and takes status, headers and body back', async () => {
    const request = await serve((given, answer) => {
      let body = '';
      given.on('data', (chunk) => (body += chunk));
      given.on('end', () => {
        answer.writeHead(418, { 'set-cookie': ['a=1', 'b=2'], 'X-Up': 'yes' });
        answer.end(`${given.method} ${given.url} ${given.headers['access-token']} ${body}`);
      });
    });
    const answer = await http.send({ ...request, headers: { 'access-token': 't' }, body: '{}' });
    expect(answer.status).toBe(418);
    expect(new TextDecoder().decode(answer.body)).toBe('POST /v2/x?token=secret t {}');
    expect(answer.headers).toMatchObject({ 'set-cookie': 'a=1, b=2', 'x-up': 'yes' });
  });

  it('fails when no answer comes in time, and when its body stalls', async () => {
    const silent = await serve(() => undefined);
    await expect(http.send({ ...silent, timeoutMs: 50 })).rejects.toMatchObject(
      failure(/no answer within 50 ms/),
    );
    const stalling = await serve((_given, answer) => void answer.writeHead(200).write('half'));
    await expect(http.send({ ...stalling, timeoutMs: 100 })).rejects.toMatchObject(
      failure(/no answer within 100 ms/),
    );
  });

  it('takes an answer of the limit and refuses one byte more', async () => {
    const request = await serve((_given, answer) => answer.end('x'.repeat(1_000)));
    expect((await http.send(request)).body.byteLength).toBe(1_000);
    await expect(http.send({ ...request, bytesMax: 999 })).rejects.toMatchObject(
      failure(/over 999 bytes/),
    );
  });

  it('fails when nobody listens or the connection breaks, without naming the query', async () => {
    const request = await serve((given) => given.socket.destroy());
    await expect(http.send(request)).rejects.toMatchObject(failure(/127\.0\.0\.1/));
    for (const server of servers) server.close();
    const error = await http.send(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(failure(/127\.0\.0\.1/));
    expect(String(error)).not.toContain('secret');
  });

  it('does not follow a redirect: another host must not get the headers', async () => {
    const request = await serve((_given, answer) => {
      answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    expect((await http.send(request)).status).toBe(302);
  });
});

describe('stream', () => {
  it('gives chunks as they come, and follows redirects', async () => {
    const request = await serve((given, answer) => {
      if (given.url !== '/file') return answer.writeHead(302, { location: '/file' }).end();
      answer.write('one');
      setTimeout(() => answer.end('two'), 20);
      return answer;
    });
    const { status, chunks } = await http.stream({ ...request, method: 'GET' });
    let text = '';
    for await (const chunk of chunks) text += new TextDecoder().decode(chunk);
    expect([status, text]).toEqual([200, 'onetwo']);
  });

  it('follows five redirects and not a sixth', async () => {
    let hops = 0;
    const request = await serve((_given, answer) => {
      answer.writeHead(302, { location: `/hop/${++hops}` }).end();
    });
    const answer = await http.stream({ ...request, method: 'GET' });
    expect([answer.status, hops]).toEqual([302, 6]);
  });

  it('refuses more bytes than it may', async () => {
    const request = await serve((_given, answer) => answer.end('x'.repeat(2_000)));
    const { chunks } = await http.stream(request);
    const reading = (async () => {
      for await (const chunk of chunks) expect(chunk.byteLength).toBeLessThanOrEqual(2_000);
    })();
    await expect(reading).rejects.toMatchObject(failure(/over 1000 bytes/));
  });

  it('closes the connection when the reader leaves early', async () => {
    let isClosed = false;
    const request = await serve((_given, answer) => {
      answer.on('close', () => (isClosed = true));
      answer.write('x'.repeat(500));
    });
    const { chunks } = await http.stream(request);
    for await (const chunk of chunks) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => isClosed).toBe(true);
  });

  it('survives an answer that nobody reads', async () => {
    let isClosed = false;
    const request = await serve((_given, answer) => {
      answer.on('close', () => (isClosed = true));
      answer.writeHead(503).write('x'.repeat(100_000));
    });
    const { status } = await http.stream({ ...request, timeoutMs: 1_500 });
    expect(status).toBe(503);
    await expect.poll(() => isClosed).toBe(true);
  });
});
