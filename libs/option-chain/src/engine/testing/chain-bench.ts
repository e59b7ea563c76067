import type { BrokerChain, BrokerLeg } from '@strikewire/broker';
import { bookInts, field, noVolume, QuoteSession } from '@strikewire/market-data';
import { conventions, type PricingConvention } from '@strikewire/pricing';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { layOutGeneration } from '../../core/generation-layout';
import type { Skeleton } from '../../core/skeleton';
import { createGeneration, type Generation } from '../generation';
import { LiveChain } from '../live-chain';

export const benchSource = { broker: 'test', account: 'primary' };
const spotToken = { segment: 'I', id: '13' };

/** A chain of strikes 100, 110, … rupees; leg ids are the expiry's day and the row. */
export function benchSkeleton(expiry: string, strikeCount: number): Skeleton {
  const day = expiry.slice(-2);
  const leg = (row: number) => ({
    token: { segment: 'O', id: `${day}${String(row).padStart(3, '0')}` },
    symbol: `S-${day}-${row}`,
  });
  return {
    broker: 'test',
    exchange: 'NSE',
    symbol: 'NIFTY',
    expiry,
    expiryClass: 'weekly',
    lotSize: 65,
    intervalPaise: 1_000,
    ltpPaise: 12_000,
    anchorPaise: 12_000,
    strikes: Array.from({ length: strikeCount }, (_, index) => ({
      strikePaise: 10_000 + 1_000 * index,
      CE: leg(2 * index),
      PE: leg(2 * index + 1),
    })),
    shortfall: 0,
    incompletePaise: [],
  };
}

/** A broker's leg with nothing but zeros; what is given replaces them. */
export function benchLeg(id: string, figures: Partial<BrokerLeg> = {}): BrokerLeg {
  return {
    token: { segment: 'O', id },
    ltpPaise: 0,
    bidPaise: 0,
    askPaise: 0,
    bidQty: 0,
    askQty: 0,
    volume: 0,
    oi: 0,
    previousOi: null,
    closePaise: null,
    greeks: null,
    ...figures,
  };
}

/** A REST answer of one strike's call. */
export function benchAnswer(leg: BrokerLeg, sentMonoMs: number): BrokerChain {
  const strikes = [{ strikePaise: 10_000, CE: leg, PE: null }];
  return { spotPaise: null, strikes, sentMonoMs, receivedMs: 1_000 + sentMonoMs };
}

/** Chains on a store that the test writes to as a feed would; slot 0 is the spot. */
export class ChainBench {
  readonly clock: VirtualClock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  generation!: Generation;
  readonly chains = new Map<string, LiveChain>();
  private readonly convention: PricingConvention;
  private session!: QuoteSession;

  constructor(
    skeletons: readonly Skeleton[],
    convention: PricingConvention = conventions.calendar365,
  ) {
    this.convention = convention;
    this.swap(skeletons);
  }

  /** Lays the next generation out; returns the chains that are gone. */
  swap(skeletons: readonly Skeleton[]): LiveChain[] {
    const spot = { exchange: 'NSE', symbol: 'NIFTY', token: spotToken } as const;
    const previous = this.generation as Generation | undefined;
    this.generation = createGeneration(
      (previous?.number ?? 0) + 1,
      layOutGeneration([spot], skeletons),
      {
        tickDepth: 10,
        baseWallMs: this.clock.wallMs(),
        convention: this.convention,
        ...(previous ? { previous } : {}),
      },
    );
    this.session = new QuoteSession(this.generation.store, { source: 1, epoch: 1 });
    const kept = new Set<string>();
    for (const slots of this.generation.layout.chains) {
      const { expiry } = slots.skeleton;
      kept.add(expiry);
      const held = this.chains.get(expiry);
      if (held) held.moveTo(this.generation, slots);
      else this.chains.set(expiry, new LiveChain(this.generation, slots));
    }
    const gone = [...this.chains].filter(([expiry]) => !kept.has(expiry));
    for (const [expiry] of gone) this.chains.delete(expiry);
    return gone.map(([, chain]) => chain);
  }

  chain(expiry: string): LiveChain {
    const chain = this.chains.get(expiry);
    if (!chain) throw new Error(`no chain of ${expiry}`);
    return chain;
  }

  /** One packet of a feed: LTP, volume and best book of a slot. */
  tick(slot: number, ltpPaise: number, volume = 0): void {
    const { session, clock } = this;
    session.beginFrame(clock.wallMs(), clock.monoMs());
    if (!session.admit(slot, 0, volume)) return;
    session.store.ltpPaise[slot] = ltpPaise;
    session.store.volume[slot] = volume;
    session.store.book.set([ltpPaise - 5, ltpPaise + 5, 65, 130], slot * bookInts);
    session.commit(slot, field.ltp | field.volume | field.top);
  }

  /** The underlying's price. */
  tickSpot(ltpPaise: number): void {
    const { session, clock } = this;
    session.beginFrame(clock.wallMs(), clock.monoMs());
    if (!session.admit(0, 0, noVolume)) return;
    session.store.ltpPaise[0] = ltpPaise;
    session.commit(0, field.ltp);
  }
}
