import { afterEach, expect, it } from 'vitest';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

let platform: VirtualPlatform | undefined;

afterEach(() => {
  platform?.stop();
  expect(platform?.simulator.violations()).toMatchObject({ total: 0 });
});

async function started(): Promise<VirtualPlatform> {
  const run = createVirtualPlatform({ seed: 21 });
  platform = run;
  void run.start();
  await run.clock.advance(30_000);
  return run;
}

/** Calls at the money of the two nearest expiries. */
function keysOf({ engine }: VirtualPlatform): [near: string, far: string] {
  const chains = [...engine.board.all()].filter(({ slots }) => slots.skeleton.symbol === 'NIFTY');
  const keys = chains.slice(0, 2).map(({ slots, atmPointer }) =>
    slots.legKeys[2 * Math.max(0, atmPointer.anchorIndex)]);
  return [keys[0] ?? '', keys[1] ?? ''];
}

it('what is watched is told after each frame, over generations, without a request', async () => {
  const { engine, clock, simulator } = await started();
  const { contracts } = engine;
  const [near, far] = keysOf(platform!);
  const before = simulator.status().requests;
  const seen: string[] = [];
  const ages = new Set<number>();
  let versions = 0;
  let held = contracts.read(near)?.version;
  const stop = contracts.watch([near, far], (keys) => {
    seen.push(...keys);
    for (const key of keys) ages.add(clock.wallMs() - (contracts.read(key)?.confirmedMs ?? 0));
    const { version } = contracts.read(near)!;
    if (version !== held) versions++;
    held = version;
  });
  await clock.advance(20_000);
  expect(new Set(seen)).toEqual(new Set([near, far]));
  expect(ages).toEqual(new Set([0]));
  expect(versions).toBe(seen.filter((key) => key === near).length);
  expect(simulator.status().requests).toEqual(before);

  const { number } = engine.board.generation;
  engine.contracts.hold('somebody', [near, 'NSE:NIFTY:2026-11-24:FUT']);
  await clock.advance(10_000);
  expect(engine.board.generation.number).toBe(number + 1);
  seen.length = 0;
  await clock.advance(20_000);
  expect(seen).toContain(near);
  stop();
  seen.length = 0;
  await clock.advance(5_000);
  expect(seen).toEqual([]);
});

it('a book counts as confirmed while its socket is heard, and no longer', async () => {
  const { engine, clock, simulator } = await started();
  const { contracts } = engine;
  const [near] = keysOf(platform!);
  simulator.pause(true);
  await clock.advance(15_000);
  const quiet = contracts.read(near)!;
  expect(clock.wallMs() - quiet.confirmedMs).toBeLessThan(12_000);
  expect(quiet.receivedMs).toBeLessThan(quiet.confirmedMs);
  simulator.pause(false);
  simulator.faults.add({ kind: 'outage', broker: 'dhan', forMs: 60_000 });
  await clock.advance(30_000);
  const dark = contracts.read(near)!;
  expect(clock.wallMs() - dark.confirmedMs).toBeGreaterThan(20_000);
  expect(dark.isStale).toBe(true);
});

it('names and facts are those of the broker, both ways, of what is held as well', async () => {
  const { engine, clock } = await started();
  const { contracts } = engine;
  const [near] = keysOf(platform!);
  const facts = contracts.find(near)!;
  expect(facts).toMatchObject({
    key: near, exchange: 'NSE', underlying: 'NIFTY', underlyingKind: 'index', lotSize: 65,
    tickPaise: 5, kind: 'CE',
  });
  expect(facts.freezeQuantity).toBeGreaterThan(0);
  const reading = contracts.read(near)!;
  expect(reading.bids[0]!.pricePaise).toBeLessThan(reading.asks[0]!.pricePaise);
  expect(reading.iv).toBeGreaterThan(0.01);
  expect(reading.iv).toBeLessThan(2);
  const token = contracts.tokenOf(near, 'dhan')!;
  expect(contracts.keyOf(token, 'dhan')).toBe(near);
  expect(contracts.keyOf({ ...token, id: '1' }, 'dhan')).toBeUndefined();

  const future = `NSE:NIFTY:${facts.expiry}:FUT`;
  expect([contracts.find(future), contracts.find('NSE:NIFTY')]).toEqual([undefined, undefined]);
  contracts.hold('somebody', [future, 'NSE:NIFTY:2026-11-24:1:CE']);
  await clock.advance(20_000);
  expect(contracts.find(future)).toMatchObject({ key: future, kind: 'FUT', lotSize: 65 });
  expect(contracts.read(future)!.bids.length).toBeGreaterThan(0);
  expect(contracts.keyOf(contracts.tokenOf(future, 'dhan')!, 'dhan')).toBe(future);
  contracts.hold('somebody', []);
  await clock.advance(20_000);
  expect(contracts.read(future)).toBeUndefined();
});
