/** Quotes of a chain's strikes, one index per strike, any order; prices in rupees, 0 for none. */
export interface ParityQuotes {
  readonly strike: Float64Array;
  readonly callBid: Float64Array;
  readonly callAsk: Float64Array;
  readonly putBid: Float64Array;
  readonly putAsk: Float64Array;
  /** 1 where the quotes of both legs are recent enough to be believed. */
  readonly isFresh: Uint8Array;
}

/** What a forward is taken from when parity cannot say. */
export interface ForwardFallbacks {
  /** Price of the future of the same expiry; not above 0 or NaN for none. */
  readonly future: number;
  /** Price of the underlying; likewise. */
  readonly spot: number;
  /** Continuous rate a year, by which the spot grows and parity is discounted. */
  readonly rate: number;
  readonly yearsToExpiry: number;
}

/** A forward, and where it comes from. */
export interface ForwardEstimate {
  readonly value: number;
  readonly source: 'parity' | 'future' | 'spot';
}

/** Strikes around the money that have a say, and how many of them there must be. */
const strikesMax = 5;
const strikesMin = 3;

/**
 * Forward of an expiry by put-call parity, F = K + (C - P) / D from the middles of two-sided
 * fresh quotes: the median over the five strikes nearest the money, each with the weight of how
 * narrow its spreads are. Else the future, else the spot with interest, else none. One per chain
 * is enough; it holds the scratch memory.
 */
export class ParityForward {
  private readonly strike = new Float64Array(strikesMax);
  private readonly forward = new Float64Array(strikesMax);
  private readonly weight = new Float64Array(strikesMax);
  private count = 0;

  /** `near` is roughly where the money is: the last forward, or the spot. */
  estimate(
    quotes: ParityQuotes,
    count: number,
    near: number,
    fallbacks: ForwardFallbacks,
  ): ForwardEstimate | null {
    const { future, spot, rate, yearsToExpiry } = fallbacks;
    const growth = Math.exp(rate * yearsToExpiry);
    this.count = 0;
    for (let index = 0; index < count; index++) this.offer(quotes, index, near, growth);
    if (this.count >= strikesMin) return { value: this.median(), source: 'parity' };
    if (isPrice(future)) return { value: future, source: 'future' };
    return isPrice(spot * growth) ? { value: spot * growth, source: 'spot' } : null;
  }

  /** Takes a strike in, if it is quoted and among the nearest so far. */
  private offer(quotes: ParityQuotes, index: number, near: number, growth: number): void {
    const callBid = quotes.callBid[index]!;
    const callAsk = quotes.callAsk[index]!;
    const putBid = quotes.putBid[index]!;
    const putAsk = quotes.putAsk[index]!;
    const isQuoted = callBid > 0 && callAsk > callBid && putBid > 0 && putAsk > putBid;
    if (!isQuoted || quotes.isFresh[index] !== 1) return;
    const strike = quotes.strike[index]!;
    const at = this.placeFor(Math.abs(strike - near), near);
    if (at < 0) return;
    const middleGap = 0.5 * (callBid + callAsk - putBid - putAsk);
    this.strike[at] = strike;
    this.forward[at] = strike + middleGap * growth;
    this.weight[at] = 1 / (callAsk - callBid + putAsk - putBid);
  }

  /** A free place, or that of the farthest strike if this one is nearer; -1 for none. */
  private placeFor(distance: number, near: number): number {
    if (this.count < strikesMax) return this.count++;
    let farthest = -1;
    let most = distance;
    for (let at = 0; at < strikesMax; at++) {
      const other = Math.abs(this.strike[at]! - near);
      if (other <= most) continue;
      most = other;
      farthest = at;
    }
    return farthest;
  }

  /** The weighted median: on an even split the middle of both sides. */
  private median(): number {
    this.sort();
    let total = 0;
    for (let index = 0; index < this.count; index++) total += this.weight[index]!;
    let below = 0;
    let index = 0;
    for (; index < this.count - 1; index++) {
      below += this.weight[index]!;
      if (below >= 0.5 * total) break;
    }
    const value = this.forward[index]!;
    return below === 0.5 * total ? 0.5 * (value + this.forward[index + 1]!) : value;
  }

  /** By insertion: there are five at most. */
  private sort(): void {
    const { forward, weight } = this;
    for (let end = 1; end < this.count; end++) {
      const value = forward[end]!;
      const itsWeight = weight[end]!;
      let at = end;
      for (; at > 0 && forward[at - 1]! > value; at--) {
        forward[at] = forward[at - 1]!;
        weight[at] = weight[at - 1]!;
      }
      forward[at] = value;
      weight[at] = itsWeight;
    }
  }
}

function isPrice(value: number): boolean {
  return value > 0 && value < Infinity;
}
