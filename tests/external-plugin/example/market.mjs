// The broker's side: a small market in memory, whose figures are paise.
const strikesPerExpiry = 12;
const firstIds = { contract: 100 };
const updatesPerStep = 8;

/** Two underlyings, two expiries each, twelve strikes each. */
export class Market {
  isPaused = false;
  instruments = new Map();
  chains = new Map();
  futures = new Map();
  expiries = new Map();

  constructor(random) {
    this.random = random;
    this.underlyings = [
      { exchange: 'NSE', symbol: 'NIFTY', kind: 'index', lot: 75, spotId: 1, level: 2_500_000 },
      { exchange: 'NSE', symbol: 'M&M', kind: 'stock', lot: 200, spotId: 2, level: 320_000 },
    ];
    let id = firstIds.contract;
    for (const one of this.underlyings) {
      this.instruments.set(one.spotId, this.quote(one.spotId, one.level));
      const expiries = ['2026-11-26', '2026-12-29', '2027-01-26', '2027-03-30'];
      this.expiries.set(one.symbol, expiries);
      const futures = expiries.map((expiry) => ({ expiry, ...this.quote(id++, one.level) }));
      this.futures.set(one.symbol, futures);
      for (const future of futures) this.instruments.set(future.id, future);
      for (const expiry of expiries) {
        const gap = Math.round(one.level / 50_000) * 1_000;
        const strikes = Array.from({ length: strikesPerExpiry }, (_, index) => {
          const strikePaise = one.level - 6 * gap + index * gap;
          const [CE, PE] = [this.quote(id++, 12_000), this.quote(id++, 11_000)];
          this.instruments.set(CE.id, CE).set(PE.id, PE);
          return { strikePaise, CE, PE };
        });
        this.chains.set(`${one.symbol} ${expiry}`, strikes);
      }
    }
  }

  quote(id, ltp) {
    return {
      id, ltp, open: ltp, high: ltp, low: ltp, close: ltp, volume: 0, oi: 1_000,
      bid: ltp - 5, bidQty: 75, ask: ltp + 5, askQty: 75,
    };
  }

  /** Some instruments trade; returns them. */
  step() {
    if (this.isPaused) return [];
    const all = [...this.instruments.values()];
    return Array.from({ length: updatesPerStep }, () => {
      const one = all[Math.floor(this.random.next() * all.length)];
      one.ltp = Math.max(100, one.ltp + 5 * Math.floor(this.random.next() * 9 - 4));
      one.volume += 75;
      one.oi = 1_000 + Math.floor(this.random.next() * 500);
      Object.assign(one, { bid: one.ltp - 5, ask: one.ltp + 5 });
      one.bidQty = 75 * (1 + Math.floor(this.random.next() * 9));
      return one;
    });
  }

  truth() {
    const level = ({ bid, bidQty, ask, askQty }) =>
      ({ bidPaise: bid, bidQty, askPaise: ask, askQty });
    const quoteOf = (one) => ({
      ...level(one), ltpPaise: one.ltp, openPaise: one.open, highPaise: one.high,
      lowPaise: one.low, closePaise: one.close, volume: one.volume, oi: one.oi,
      previousOi: one.oi, depth: [level(one)],
    });
    const tokenOf = ({ id }) => ({ segment: 'X', id: String(id) });
    const legOf = (one) => ({ ...quoteOf(one), token: tokenOf(one) });
    return {
      underlyings: () => this.underlyings.map(({ exchange, symbol, kind, lot, spotId }) => ({
        exchange, symbol, kind, lotSize: lot, expiries: this.expiries.get(symbol),
        spot: quoteOf(this.instruments.get(spotId)),
      })),
      chain: ({ symbol }, expiry) => this.chains.get(`${symbol} ${expiry}`)?.map((strike) =>
        ({ strikePaise: strike.strikePaise, CE: legOf(strike.CE), PE: legOf(strike.PE) })),
      futures: ({ symbol }) => this.futures.get(symbol).map((one) =>
        ({ expiry: one.expiry, token: tokenOf(one) })),
    };
  }
}
