import { greeksUpdateSchema, pcrUpdateSchema, socketLimits } from '@strikewire/contracts';
import { field } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import { GreeksHub } from './greeks-hub';
import { legGreeks } from './leg-json';
import { benchSkeleton, ChainBench } from './testing/chain-bench';

const near = benchSkeleton('2026-11-24', 5);

/** A client that keeps what it was sent. */
function follower() {
  const state = { sent: [] as string[], buffered: 0, cutReason: null as string | null };
  const client = {
    send: (data: string | Uint8Array) => void state.sent.push(String(data)),
    sendTexts: (texts: readonly Uint8Array[]) => {
      for (const text of texts) state.sent.push(text.toString());
    },
    bufferedBytes: () => state.buffered,
    cut: (reason: string) => (state.cutReason = reason),
  };
  const news = (): { type: string; data: Record<string, unknown> }[] =>
    state.sent.splice(0).map((text) => JSON.parse(text));
  return { state, client, news };
}

function setUp() {
  const bench = new ChainBench([near]);
  const hub = new GreeksHub({
    clock: bench.clock,
    refresh: (chain) => void chain.refresh(false, bench.clock.wallMs()),
  });
  bench.tickSpot(12_000);
  bench.tick(5, 300);
  return { bench, hub, chain: bench.chain(near.expiry) };
}

describe('who follows the Greeks of a chain', () => {
  it('is told of every contract at first, in the agreed shape', () => {
    const { hub, chain } = setUp();
    const { client, news } = follower();
    hub.join(chain, client);
    const messages = news();
    expect(messages.map(({ type }) => type)).toEqual([
      ...Array<string>(10).fill('greeks_update'),
      'pcr_update',
    ]);
    for (const message of messages) {
      const schema = message.type === 'pcr_update' ? pcrUpdateSchema : greeksUpdateSchema;
      expect(schema.safeParse(message).error).toBeUndefined();
    }
    expect(messages[4]?.data).toMatchObject({
      instrumentKey: 'NSE:NIFTY:2026-11-24:120:CE',
      strike: 120,
      type: 'CE',
      expiry: '2026-11-24',
      price: 3,
    });
  });

  it('is told of each contract at most once a second, of the newest only', async () => {
    const { bench, hub, chain } = setUp();
    const { client, news } = follower();
    hub.join(chain, client);
    news();
    for (let step = 0; step < 20; step++) {
      bench.tick(1, 2_100 + step);
      await bench.clock.advance(100);
    }
    const key = 'NSE:NIFTY:2026-11-24:100:CE';
    const told = news().filter(({ data }) => data['instrumentKey'] === key);
    expect(told.map(({ data }) => data['price'])).toEqual([21.09, 21.19]);
    await bench.clock.advance(5_000);
    expect(news()).toEqual([]);
  });

  it('is told less often when load is shed, up to a quarter, and as before after it', async () => {
    const { bench, hub, chain } = setUp();
    const { client, news } = follower();
    const told = async (seconds: number): Promise<number> => {
      news();
      for (let step = 0; step < 10 * seconds; step++) {
        bench.tick(1, 2_100 + (step % 7));
        await bench.clock.advance(100);
      }
      return news().filter(({ data }) => data['strike'] === 100 && data['type'] === 'CE').length;
    };
    expect(() => hub.setFlushScale(0.5)).toThrow(/needs 1 or more/);
    hub.join(chain, client);
    expect(await told(8)).toBe(8);
    hub.setFlushScale(2);
    // A round of before is under way still.
    await told(2);
    expect(await told(8)).toBe(4);
    hub.setFlushScale(40);
    await told(4);
    expect(await told(8)).toBe(2);
    hub.setFlushScale(1);
    await told(4);
    expect(await told(8)).toBe(8);
  });

  it('is told the newest when others follow already, and nothing of it twice', async () => {
    const { bench, hub, chain } = setUp();
    const [first, second] = [follower(), follower()];
    hub.join(chain, first.client);
    await bench.clock.advance(900);
    bench.tick(3, 1_400);
    hub.join(chain, second.client);
    const { iv } = legGreeks(bench.generation.store, 3);
    expect(second.news()[2]?.data).toMatchObject({ price: 14, iv });
    expect(iv).not.toBeNull();
    // The round of who was there first comes 100 ms later; the second's own a second after.
    await bench.clock.advance(900);
    expect(second.news()).toEqual([]);
    bench.tick(3, 1_500);
    await bench.clock.advance(1_100);
    const told = second.news().filter(({ data }) => data['strike'] === 110);
    expect(told.map(({ data }) => data['price'])).toContain(15);
    expect(first.news().filter(({ data }) => data['price'] === 14)).toHaveLength(1);
  });

  it('is told of the ratio when open interest changes', async () => {
    const { bench, hub, chain } = setUp();
    const { client, news } = follower();
    hub.join(chain, client);
    news();
    const { store } = bench.generation;
    store.oi.set([200, 300], 1);
    store.known.fill(field.oi, 1, 3);
    bench.tick(1, 2_000);
    await bench.clock.advance(1_000);
    expect(news().at(-1)).toMatchObject({
      type: 'pcr_update',
      data: { symbol: 'NIFTY', expiry: '2026-11-24', pcr: 1.5, totalCeOi: 200, totalPeOi: 300 },
    });
  });

  it('skips who does not read, tells all once it has drained, cuts who never does', async () => {
    const { bench, hub, chain } = setUp();
    const [slow, healthy] = [follower(), follower()];
    hub.join(chain, slow.client);
    hub.join(chain, healthy.client);
    slow.news();
    healthy.news();
    slow.state.buffered = socketLimits.bufferedBytesMax + 1;
    bench.tick(1, 2_000);
    await bench.clock.advance(1_000);
    expect(slow.news()).toEqual([]);
    expect(healthy.news().length).toBeGreaterThan(0);
    slow.state.buffered = 0;
    await bench.clock.advance(1_000);
    expect(slow.news()).toHaveLength(11);
    slow.state.buffered = socketLimits.bufferedBytesMax + 1;
    await bench.clock.advance(socketLimits.slowMsMax + 3_000);
    expect(slow.state.cutReason).toMatch(/too slow/);
    expect(healthy.state.cutReason).toBeNull();
  });

  it('is told all of a new generation, and let go with the chain', async () => {
    const { bench, hub, chain } = setUp();
    const { client, state, news } = follower();
    hub.join(chain, client);
    news();
    bench.swap([benchSkeleton(near.expiry, 7)]);
    await bench.clock.advance(1_000);
    expect(news().filter(({ type }) => type === 'greeks_update')).toHaveLength(14);
    for (const gone of bench.swap([])) hub.retire(gone);
    expect(state.cutReason).toBe('the chain has expired');
    await bench.clock.advance(2_000);
    expect(news()).toEqual([]);
  });

  it('hears nothing after it has left', async () => {
    const { bench, hub, chain } = setUp();
    const { client, news } = follower();
    hub.join(chain, client);
    news();
    hub.leave(client);
    bench.tick(1, 2_000);
    await bench.clock.advance(2_000);
    expect(news()).toEqual([]);
  });
});
