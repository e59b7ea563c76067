import { silentLog, StrikewireError, type Http } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../http/error-answer';
import { httpMetrics } from './http-metrics';
import { brokerRequestMetrics, measuredHttp } from './measured-http';
import { createMetrics, type Metrics, type Sample } from './metrics';

const secret = 'eyJhbGciOi-this-is-secret';

/** The lines of our own metrics, without those of the process. */
async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  const { body } = await metrics.text();
  return body.split('\n').filter((line) => line.startsWith(name));
}

function collected(samples: readonly Sample[], seriesMax = 500): Metrics {
  const metrics = createMetrics(silentLog);
  metrics.collectFrom({
    name: 'strikewire_feed_ticks_total', help: 'Ticks.', type: 'counter', labels: ['socket'],
    seriesMax, read: () => samples,
  });
  return metrics;
}

describe('createMetrics', () => {
  it('tells of memory, event-loop delay and garbage collection from the start', async () => {
    const { contentType, body } = await createMetrics(silentLog).text();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
    expect(body).toMatch(/^# TYPE nodejs_gc_duration_seconds histogram$/m);
  });

  it('has a registry for itself', async () => {
    const first = createMetrics(silentLog);
    const second = createMetrics(silentLog);
    for (const one of [first, second]) one.counter({ name: 'strikewire_a_total', help: 'A' });
    first.counter({ name: 'strikewire_b_total', help: 'B' })({});
    expect(await linesOf(first, 'strikewire_b')).toEqual(['strikewire_b_total 1']);
    expect(await linesOf(second, 'strikewire_b')).toEqual([]);
  });

  it('reads numbers when they are asked for, and forgets what is gone', async () => {
    let clients = [['chain', 3], ['greeks', 1]] as const;
    const metrics = createMetrics(silentLog);
    metrics.collectFrom({
      name: 'strikewire_clients', help: 'Clients.', type: 'gauge', labels: ['socket'],
      read: () => clients.map(([socket, value]) => ({ labels: { socket }, value })),
    });
    expect(await linesOf(metrics, 'strikewire_clients')).toEqual([
      'strikewire_clients{socket="chain"} 3', 'strikewire_clients{socket="greeks"} 1',
    ]);
    clients = [['greeks', 5]] as never;
    expect(await linesOf(metrics, 'strikewire_clients')).toEqual([
      'strikewire_clients{socket="greeks"} 5',
    ]);
  });

  it('leaves out what is no number, and a part that fails', async () => {
    const metrics = collected([
      { labels: { socket: 'a' }, value: Number.NaN },
      { labels: { socket: 'b' }, value: Infinity },
      { labels: { socket: 'c' }, value: 2 },
    ]);
    metrics.collectFrom({
      name: 'strikewire_broken', help: 'Broken.', type: 'gauge',
      read: () => {
        throw new Error('not there');
      },
    });
    expect(await linesOf(metrics, 'strikewire_')).toEqual([
      'strikewire_feed_ticks_total{socket="c"} 2',
    ]);
  });

  it('adds up what is beyond the limit of series', async () => {
    const samples = Array.from({ length: 1_000 }, (_, index) => ({
      labels: { socket: `s${index}` }, value: 1,
    }));
    const metrics = collected(samples, 3);
    const counts = { s0: 1, s1: 1, s2: 1, other: 997 };
    const expected = Object.entries(counts).map(
      ([socket, count]) => `strikewire_feed_ticks_total{socket="${socket}"} ${count}`,
    );
    expect(await linesOf(metrics, 'strikewire_feed')).toEqual(expected);
    expect(await linesOf(metrics, 'strikewire_feed')).toEqual(expected);
    const observe = metrics.histogram({
      name: 'strikewire_x_seconds', help: 'X', labels: ['a', 'b'], buckets: [1], seriesMax: 2,
    });
    for (let id = 0; id < 50; id++) observe({ a: `${id}`, b: 'same' }, 0.5);
    expect(await linesOf(metrics, 'strikewire_x_seconds_count')).toEqual([
      'strikewire_x_seconds_count{a="0",b="same"} 1',
      'strikewire_x_seconds_count{a="1",b="same"} 1',
      'strikewire_x_seconds_count{a="other",b="other"} 48',
    ]);
  });

  it('cuts long values and hides tokens in them', async () => {
    const labels = { socket: `wss://x/?token=${secret}&a=${'b'.repeat(500)}` };
    const [line = ''] = await linesOf(collected([{ labels, value: 1 }]), 'strikewire_feed');
    expect(line).toContain('wss://x/?token=***');
    expect(line.length).toBeLessThan(180);
  });

  it('refuses names that say too little', () => {
    const metrics = createMetrics(silentLog);
    const gauge = (name: string) => () =>
      metrics.collectFrom({ name, help: 'x', type: 'gauge', read: () => [] });
    for (const name of ['clients', 'strikewire_Clients', 'strikewire_', 'strikewire_a_total']) {
      expect(gauge(name)).toThrow(/no name for a gauge/);
    }
    expect(() => metrics.counter({ name: 'strikewire_errors', help: 'x' })).toThrow(/_total/);
    gauge('strikewire_clients')();
    expect(gauge('strikewire_clients')).toThrow(/already/);
  });
});

describe('httpMetrics', () => {
  async function server(metrics: Metrics): Promise<FastifyInstance> {
    const app = fastify();
    httpMetrics(app, metrics);
    app.setErrorHandler((error, _request, reply) => {
      const { status, body } = errorAnswer(error, 'r-1', silentLog);
      return reply.code(status).send(body);
    });
    app.get('/api/accounts/:id', (request) => request.params);
    app.get('/api/fail', () => {
      throw new StrikewireError({ kind: 'denied', code: 'hours_closed', message: secret });
    });
    app.get('/api/odd', (_request, reply) => reply.code(418).send(Buffer.from('teapot')));
    await app.ready();
    return app;
  }

  it('measures by route pattern and counts errors by code; no address is a label', async () => {
    const metrics = createMetrics(silentLog);
    const app = await server(metrics);
    const urls = [
      `/api/accounts/${secret}?token=${secret}`, `/api/accounts/2`, `/nothing/${secret}`,
      `/${secret}`, `/api/fail?pin=${secret}`, '/api/odd', `/api/accounts/%ZZ${secret}`,
    ];
    for (const url of urls) await app.inject({ url, headers: { authorization: secret } });
    await app.inject({ url: `/api/fail/${secret}`, method: 'POST', payload: { secret } });
    await app.close();
    const name = 'strikewire_http_request_seconds_count';
    expect(await linesOf(metrics, name)).toEqual(expect.arrayContaining([
      `${name}{method="GET",route="/api/accounts/:id",status="200"} 2`,
      `${name}{method="GET",route="/api/fail",status="422"} 1`,
      `${name}{method="GET",route="/api/odd",status="418"} 1`,
      `${name}{method="POST",route="unknown",status="404"} 1`,
    ]));
    const errors = await linesOf(metrics, 'strikewire_http_errors_total');
    expect(errors).toEqual(expect.arrayContaining([
      'strikewire_http_errors_total{route="/api/fail",code="hours_closed"} 1',
      'strikewire_http_errors_total{route="/api/odd",code="other"} 1',
    ]));
    expect((await metrics.text()).body).not.toContain(secret);
  });
});

describe('measuredHttp', () => {
  it('measures answers and failures by host and path pattern, and passes them on', async () => {
    const clock = createVirtualClock(0);
    const metrics = createMetrics(silentLog);
    const answer = { status: 200, headers: {}, body: new Uint8Array([1]) };
    const kind = 'retryable';
    const failure = new StrikewireError({ kind, code: 'network_failed', message: 'x' });
    const send: Http['send'] = async ({ url }) => {
      await clock.advance(250);
      if (url.includes('fail')) throw failure;
      return answer;
    };
    const http: Http = { send, stream: () => Promise.reject(failure) };
    const measured = measuredHttp(http, {
      clock,
      patternOf: (_method, path) => (path.startsWith('/orders/') ? '/orders/:id' : undefined),
      observe: brokerRequestMetrics(metrics),
    });
    const ask = { method: 'GET', timeoutMs: 1_000, bytesMax: 10 } as const;
    const url = `https://api.example/orders/17?token=${secret}`;
    expect(await measured.send({ ...ask, url })).toBe(answer);
    const failing = { ...ask, url: `https://api.example/fail/${secret}` };
    await expect(measured.send(failing)).rejects.toBe(failure);
    await expect(measured.stream({ ...ask, url })).rejects.toBe(failure);
    await expect(measured.stream({ ...ask, url: secret })).rejects.toBe(failure);
    const name = 'strikewire_broker_request_seconds';
    expect(await linesOf(metrics, `${name}_sum`)).toEqual([
      `${name}_sum{host="api.example",path="/orders/:id",outcome="200"} 0.25`,
      `${name}_sum{host="api.example",path="other",outcome="retryable"} 0.25`,
      `${name}_sum{host="api.example",path="/orders/:id",outcome="retryable"} 0`,
      `${name}_sum{host="other",path="other",outcome="retryable"} 0`,
    ]);
    expect((await metrics.text()).body).not.toContain(secret);
  });
});
