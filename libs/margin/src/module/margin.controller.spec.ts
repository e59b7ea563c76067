import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { indiaInstant } from '@strikewire/contracts';
import { createOriginPolicy, guardRoutes, type Caller } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lot, option } from '../core/testing/margin-fixture';
import { openRig } from '../engine/testing/desk-fixture';
import { MarginModule } from './margin.module';
import { MarginService } from './margin-service';
import type { RiskFileShelf } from './risk-file-shelf';

const soldCall = option('CE', 23_700, -lot, [437.65]);
const { clock, desk, estimator, contracts } = openRig([soldCall]);
const { signal: ended } = new AbortController();
let caller: Caller;
let app: NestFastifyApplication;

const asKey = (userId: string, scope: 'orders:read' | 'chains:read'): Caller => ({
  kind: 'key', keyId: 'k', name: 'k', scopes: [scope], userId, username: 'u', role: 'trader', ended,
});

beforeAll(async () => {
  const service = new MarginService({
    clock, desk, estimator, contracts,
    accountOf: () => null,
    heldOf: (account) => (account === 'paper:u1' ? [soldCall] : []),
    mayTrade: () => false,
    lastMomentMs: (_exchange, expiry) => indiaInstant(expiry, 940),
  });
  const files = { list: () => ({ files: [] }) } as unknown as RiskFileShelf;
  const adapter = new FastifyAdapter();
  const origins = createOriginPolicy({ allowedOrigins: [] });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  guardRoutes(server, { clock, identify: () => caller, origins });
  const module = MarginModule.over({ service, files });
  app = await NestFactory.create<NestFastifyApplication>(module, adapter as never, {
    logger: false,
  });
  await app.init();
});

afterAll(() => app?.close());

async function ask(method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await app.inject({ method, url, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

describe('api/margin', () => {
  it('answers whoever reads orders, each about his own paper account', async () => {
    caller = asKey('u1', 'orders:read');
    const mine = await ask('GET', '/api/margin');
    expect(mine).toMatchObject({ status: 200, body: { estimate: { shape: 'naked' } } });
    caller = asKey('u2', 'orders:read');
    const other = await ask('GET', '/api/margin?account=paper');
    expect(other.body).toMatchObject({ account: 'paper', estimate: { byUnderlying: [] } });
    expect((await ask('GET', '/api/margin/reconciliations')).body).toEqual({ shapes: [] });
    expect((await ask('GET', '/api/margin/risk-files')).body).toEqual({ files: [] });
  });

  it('estimates a basket of the body', async () => {
    const leg = { contract: soldCall.key, side: 'SELL', type: 'SMART', product: 'carry' };
    const trial = { account: 'paper', legs: [{ ...leg, quantity: lot }] };
    const found = await ask('POST', '/api/margin/estimate', trial);
    expect(found).toMatchObject({ status: 200, body: { legOrder: [{ leg: 0 }], before: null } });
  });

  it('answers nobody else', async () => {
    caller = asKey('u1', 'chains:read');
    const answers = await Promise.all([
      ask('GET', '/api/margin'),
      ask('GET', '/api/margin/risk-files'),
      ask('GET', '/api/margin/reconciliations'),
      ask('POST', '/api/margin/estimate', {}),
    ]);
    // The filter that turns a refusal into its status belongs to the server.
    expect(answers.every(({ status }) => status !== 200)).toBe(true);
  });
});
