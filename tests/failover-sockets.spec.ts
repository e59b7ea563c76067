import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { measureRow } from './support/failover-measure';
import { failoverRows } from './support/failover-rows';
import { FailoverStage } from './support/failover-stage';
import { eventually } from './support/real-platform';

const withinMs = 60_000;
let stage: FailoverStage;
let isUsed = false;

beforeAll(async () => {
  stage = await FailoverStage.open();
});

afterEach(() => void (isUsed = true));

afterAll(() => stage?.close());

/** The stage as it was at first. */
async function fresh(): Promise<FailoverStage> {
  if (isUsed) await stage.reset();
  return stage;
}

describe('what fails is replaced in time, over real sockets', () => {
  it.each(failoverRows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const { doubts, tookMs } = await measureRow(await fresh(), row);
    expect(doubts).toEqual([]);
    expect(tookMs).toBeGreaterThan(0);
  });

  it('everything by the cache, which says that it is stale, until somebody is back', async () => {
    const { platform, client } = await fresh();
    await stage.fault({ kind: 'outage', broker: 'dhan' });
    await stage.fault({ kind: 'outage', broker: 'upstox' });
    const lost = await eventually(() => stage.failover(), ({ degraded }) => degraded, withinMs);
    expect(lost.accounts.every(({ sockets }) => sockets.live === 0)).toBe(true);
    const isStale = async (): Promise<boolean> =>
      ((await stage.json('/api/optionchain/live?underlying=NIFTY')) as { stale: boolean }).stale;
    await eventually(isStale, (stale) => stale);
    await platform.sim('faults', undefined, 'DELETE');
    await eventually(() => stage.failover(), ({ degraded }) => !degraded, withinMs);
    await eventually(() => stage.status(), ({ phase }) => phase === 'live', withinMs);
    expect(await stage.wrongPrices()).toEqual([]);
    expect([client.closed, client.frames.faults]).toEqual([null, []]);
  });
});
