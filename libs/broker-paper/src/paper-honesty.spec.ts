import { silentLog, type Log } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { paperToken } from './paper-record';
import { callKey, createPaperStage, farCallKey } from './testing/paper-stage';

const dayMs = 86_400_000;

describe('a sale that rests', () => {
  it('pays for nothing: what it would bring is not there yet', async () => {
    const stage = await createPaperStage();
    const { contracts, market } = stage;
    const far = paperToken(farCallKey);
    // Five lakh rupees of calls, and all of them for sale where nobody buys them.
    for (const quantity of [9_750, 9_751, 9_752]) {
      contracts.show(farCallKey, {
        bids: [{ pricePaise: 9_990, quantity }], asks: [{ pricePaise: 10_000, quantity }],
      });
      await stage.place({ token: far, quantity: 1_755 });
    }
    const free = market.fundsOf('u1').availablePaise;
    for (let one = 0; one < 3; one++) {
      const sale = { token: far, side: 'SELL', quantity: 1_755, limitPaise: 90_000 } as const;
      expect((await stage.place(sale)).kind).toBe('accepted');
    }
    expect(market.fundsOf('u1').availablePaise).toBeLessThanOrEqual(free);
    const kinds: string[] = [];
    for (let one = 0; one < 5; one++) {
      kinds.push((await stage.place({ quantity: 1_755, limitPaise: 9_900 })).kind);
    }
    expect(kinds).toEqual(['accepted', 'accepted', 'rejected', 'rejected', 'rejected']);
    contracts.show(callKey, {
      bids: [{ pricePaise: 9_800, quantity: 99_999 }],
      asks: [{ pricePaise: 9_900, quantity: 99_970 }],
    });
    await stage.clock.advance(2_000);
    const [account] = await stage.store.load(0);
    expect(account?.totals.cashPaise).toBeGreaterThanOrEqual(0);
    expect(market.fundsOf('u1').availablePaise).toBeGreaterThanOrEqual(0);
  });
});

describe('an expiry over whose close nobody was there', () => {
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (message) => void errors.push(message) };

  it('is not settled at the price of the next day, and that is said once a day', async () => {
    errors.length = 0;
    const stage = await createPaperStage({ log });
    await stage.place({});
    stage.market.stop();
    await stage.clock.advance(dayMs);
    stage.contracts.show(callKey, { spotPaise: 2_500_000 });
    await stage.restart();
    await stage.clock.advance(10 * 60_000);
    expect(await stage.venue.orders.positions()).toMatchObject([{ netQuantity: 65 }]);
    expect(errors).toEqual(['a paper position waits: no price of its last day is known']);
    await stage.clock.advance(dayMs);
    expect(errors).toHaveLength(2);
  });

  it('waits for the price of its day when somebody else tells it', async () => {
    let paise: number | null = null;
    const stage = await createPaperStage({ log, settlementOf: () => paise });
    await stage.place({});
    await stage.clock.advance(8 * 3_600_000);
    // There is a spot, but that is not for the contracts to say.
    expect(await stage.venue.orders.positions()).toHaveLength(1);
    paise = 2_460_000;
    await stage.clock.advance(10_000);
    const trades = await stage.venue.orders.trades();
    expect(trades.at(-1)).toMatchObject({ side: 'SELL', pricePaise: 10_000 });
    expect(await stage.venue.orders.positions()).toEqual([]);
  });
});
