import { indiaDateOf } from '@strikewire/contracts';
import type { VirtualPlatform } from './virtual-platform';

/** What the simulated broker has listed, day by day, and since when. */
export class BrokerLists {
  private readonly platform: Pick<VirtualPlatform, 'clock' | 'simulator'>;
  /** By `date symbol`, in order of time. */
  private readonly lists = new Map<string, { list: string; sinceMs: number }[]>();

  constructor(platform: Pick<VirtualPlatform, 'clock' | 'simulator'>) {
    this.platform = platform;
  }

  /** To be called before and after each change, and on each day. */
  note(): void {
    const { clock, simulator } = this.platform;
    const nowMs = clock.wallMs();
    for (const { symbol, expiries } of simulator.truth.underlyings()) {
      const key = `${indiaDateOf(nowMs)} ${symbol}`;
      const lists = this.lists.get(key) ?? [];
      // An odd list may name a date twice.
      const list = [...new Set(expiries)].join();
      if (lists.at(-1)?.list !== list) lists.push({ list, sinceMs: nowMs });
      this.lists.set(key, lists);
    }
  }

  /** All lists of a date. */
  on(date: string, symbol: string): string[][] {
    return (this.lists.get(`${date} ${symbol}`) ?? []).map(({ list }) => list.split(','));
  }

  /** The list as it was at an instant; the day's first one before anybody looked. */
  at(atMs: number, symbol: string): string[] {
    const lists = this.lists.get(`${indiaDateOf(atMs)} ${symbol}`) ?? [];
    const held = lists.findLast(({ sinceMs }) => sinceMs <= atMs) ?? lists[0];
    return held?.list.split(',') ?? [];
  }

  /** True when an expiry was listed at any time. */
  everHad(symbol: string, expiry: string): boolean {
    return [...this.lists].some(([key, lists]) =>
      key.endsWith(` ${symbol}`) && lists.some(({ list }) => list.split(',').includes(expiry)),
    );
  }
}
