import { afterEach, expect, it } from 'vitest';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

let platform: VirtualPlatform | undefined;

afterEach(() => {
  platform?.stop();
  expect(platform?.simulator.violations()).toMatchObject({ total: 0 });
});

it('a future is found by an expiry, is live while it is looked at, and let go after', async () => {
  const run = createVirtualPlatform({ seed: 22 });
  platform = run;
  void run.start();
  const { clock, engine } = run;
  await clock.advance(30_000);
  const nearest = { underlying: 'NIFTY', expiry: engine.service.expiries('NIFTY').listed[0] ?? '' };
  const asking = engine.terms.terms(nearest).catch((error: unknown) => error);
  await clock.advance(20_000);
  // Its market is on its way when it was asked for the first time.
  expect(await asking).toMatchObject({ kind: 'retryable', code: 'contract_awaited' });
  const terms = await engine.terms.terms(nearest);
  expect(terms).toMatchObject({
    kind: 'FUT', strike: null, lotSize: 65, tickSize: 0.1, stale: false,
  });
  expect(terms.bids[0]!.price).toBeLessThan(terms.asks[0]!.price);
  expect(Math.abs(terms.ltp! / terms.spot! - 1)).toBeLessThan(0.02);
  expect(await engine.terms.terms({ key: terms.key })).toMatchObject({ key: terms.key });

  const [option = ''] = [...engine.board.all()][0]!.slots.legKeys;
  expect(await engine.terms.terms({ key: option })).toMatchObject({ key: option, tickSize: 0.05 });
  for (const [key, code] of [
    ['NSE:NIFTY', 'contract_key_invalid'],
    ['NSE:NIFTY:2026-11-25:FUT', 'contract_unknown'],
    ['NSE:NIFTY:2026-11-24:1:CE', 'contract_unknown'],
  ]) {
    await expect(engine.terms.terms({ key: key! })).rejects.toMatchObject({ code });
  }
  await expect(engine.terms.terms({ underlying: 'NONE', expiry: '2026-11-24' }))
    .rejects.toMatchObject({ code: 'underlying_unknown' });

  await clock.advance(5 * 60_000);
  expect(engine.contracts.read(terms.key)?.isStale).toBe(false);
  await clock.advance(8 * 60_000);
  expect(engine.contracts.read(terms.key)).toBeUndefined();
});

it('a future that somebody holds has a name and a book when nobody looks any more', async () => {
  const run = createVirtualPlatform({ seed: 23 });
  platform = run;
  void run.start();
  const { clock, engine: { contracts, service, terms } } = run;
  await clock.advance(30_000);
  const nearest = { underlying: 'NIFTY', expiry: service.expiries('NIFTY').listed[0] ?? '' };
  const asking = terms.terms(nearest).catch(() => undefined);
  await clock.advance(20_000);
  await asking;
  const { key } = await terms.terms(nearest);
  const token = contracts.tokenOf(key, 'dhan')!;
  contracts.hold('orders', [key]);
  await clock.advance(15 * 60_000);
  expect(contracts.keyOf(token, 'dhan')).toBe(key);
  expect(contracts.read(key)?.isStale).toBe(false);
});
