import { createSeededRandom, silentLog, type Http } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ListedUnderlying, MarketDataPort } from '../core/market-data-port';
import type { AnyBrokerPlugin, BrokerInstance, RateGate } from '../core/plugin';
import { createRateBudget, type RateBudget } from '../engine/rate-budget';
import { createDeskBroker } from '../engine/testing/desk-broker';
import { watchedPlugin } from './watched-instance';

const listed = { exchange: 'NSE', symbol: 'X' } as ListedUnderlying;
/** One request in this time. */
const windowMs = 40_000;

let clock: VirtualClock;
let budget: RateBudget;
/** When requests were sent, in seconds. */
let sent: number[];
/** How long the broker takes for each, ms. */
let tookMs: number;
/** For how long the broker has had the word, of each answer. */
let brokersMs: number[];

/** A list takes one request, prices take two together, and a test none: it never ends. */
function plugin(): AnyBrokerPlugin {
  const desk = createDeskBroker({ dead: new Set(), asked: [] });
  const marketData = (gate: RateGate): Partial<MarketDataPort> => {
    const request = (priority = 0): Promise<void> => gate.run({ class: 'data', priority }, () => {
      sent.push(Math.round(clock.monoMs() / 1_000));
      return new Promise((done) => clock.after(tookMs, () => done()));
    });
    return {
      expiries: async () => {
        await Promise.resolve();
        await request();
        return ['2026-11-24'];
      },
      lastPrices: async () => {
        await Promise.all([request(1), request(2)]);
        return new Map();
      },
    };
  };
  return {
    ...desk,
    create: (config, deps) => ({
      ...desk.create(config, deps),
      marketData: marketData(deps.gate) as MarketDataPort,
      check: () => new Promise(() => {}),
    }),
  };
}

function open(rule: { limit: number; windowMs: number }): BrokerInstance {
  budget = createRateBudget(clock, [{ class: 'data', ...rule }]);
  const news = {
    refused: () => undefined,
    answered: (_by: unknown, _question: string, ms: number) => void brokersMs.push(ms),
  };
  const deps = { clock, random: createSeededRandom(1), http: {} as Http, log: silentLog };
  const config = { credentials: { client: 'c1', token: 'token-of-c1' } };
  return watchedPlugin(plugin(), news).create(config as never, { ...deps, gate: budget });
}

/** What became of it, with the second in which that was known. */
async function ended(asked: Promise<unknown>): Promise<string> {
  const end = await asked.then(() => 'answered', (error: { kind: string; code: string }) =>
    `${error.kind} ${error.code}`);
  return `${Math.floor(clock.monoMs() / 1_000)} ${end}`;
}

beforeEach(() => {
  clock = createVirtualClock(0);
  sent = [];
  tookMs = 1_000;
  brokersMs = [];
});

describe('the time that a broker has for an answer', () => {
  it('does not run while a request waits in the queue of the account', async () => {
    const { marketData } = open({ limit: 1, windowMs });
    const asked = [1, 2, 3].map(() => ended(marketData.expiries(listed)));
    await clock.advance(200_000);
    expect(sent).toEqual([40, 81, 122]);
    expect(await Promise.all(asked)).toEqual(['41 answered', '82 answered', '123 answered']);
    // Nor is it told as the broker's.
    expect(brokersMs).toEqual([1_000, 1_000, 1_000]);
  });

  it('runs from when it is sent, also for what was sent from another one\'s place', async () => {
    const { marketData } = open({ limit: 1, windowMs });
    const asked = [1, 2].map(() => ended(marketData.expiries(listed)));
    await clock.advance(45_000);
    tookMs = 60_000;
    await clock.advance(200_000);
    expect(await Promise.all(asked)).toEqual(['41 answered', '111 retryable not_answered']);
  });

  it('runs while one of its requests is under way, whatever else waits', async () => {
    const { marketData } = open({ limit: 1, windowMs });
    tookMs = 1e9;
    const asked = ended(marketData.lastPrices([]));
    await clock.advance(100_000);
    expect(await asked).toBe('70 retryable not_answered');
  });

  it('is half a minute in all, over more than one request', async () => {
    const { marketData } = open({ limit: 1, windowMs });
    tookMs = 20_000;
    const asked = ended(marketData.lastPrices([]));
    await clock.advance(200_000);
    expect(sent).toEqual([40, 100]);
    expect(await asked).toBe('110 retryable not_answered');
  });

  it('runs as well when nothing comes to the gate', async () => {
    const asked = ended(open({ limit: 1, windowMs }).check());
    await clock.advance(60_000);
    expect(await asked).toBe('30 retryable not_answered');
  });
});

describe('a turn that does not come', () => {
  it('is no failure of the broker, and what waited for it is never sent', async () => {
    const { marketData } = open({ limit: 1, windowMs: 3_600_000 });
    const asked = [1, 2].map(() => ended(marketData.expiries(listed)));
    await clock.advance(300_000);
    expect(await Promise.all(asked)).toEqual(['1 answered', '180 throttled turn_not_come']);
    expect(budget.use()[0]).toMatchObject({ used: 1, waiting: 1 });
    await clock.advance(3_600_000);
    expect(sent).toEqual([0]);
    // It has not used up a place either: the next one is sent at once.
    await ended(Promise.race([marketData.expiries(listed), clock.advance(1_000)]));
    expect([sent.length, budget.use()[0]?.waiting]).toEqual([2, 0]);
  });
});
