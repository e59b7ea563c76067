import { indiaDateOf, type Exchange, type UniverseRule } from '@strikewire/contracts';
import { defaultUniverse, refreshBoundsMs } from '@strikewire/option-chain';
import { createMemoryRegistry, type ChainRegistry } from '@strikewire/option-chain/engine';
import { createSeededRandom, errorKindOf } from '@strikewire/runtime';
import { defaultUnderlyings, type Fault } from '@strikewire/simulator';
import {
  createCalendar,
  templateFormat,
  tradingCalendarOf,
  type DateEntry,
  type TradingHoursCalendar,
} from '@strikewire/trading-hours';
import { afterEach, describe, expect, it } from 'vitest';
import { ChainWatch } from '../support/chain-watch';
import { FrameClient } from '../support/frame-client';
import { createVirtualPlatform, type VirtualPlatform } from '../support/virtual-platform';

const few = { nearest: 2, monthlies: 1, quarterlies: 0 };
const window = { below: 3, above: 3 };
const ofIndex = (symbol: string): UniverseRule =>
  ({ ...defaultUniverse.find((row) => row.symbol === symbol)!, window, expiries: few });
const universe = [
  ofIndex('NIFTY'),
  ofIndex('SENSEX'),
  {
    exchange: 'MCX', symbol: 'CRUDEOIL', kind: 'commodity',
    window: { ...window, around: 'ltp' }, expiries: { nearest: 2, monthlies: 0, quarterlies: 0 },
    served: true,
  },
  {
    exchange: 'NSE', symbol: 'RELIANCE', kind: 'stock',
    window, expiries: { nearest: 0, monthlies: 1, quarterlies: 0 }, served: true,
  },
] as const satisfies readonly UniverseRule[];
const symbols: readonly string[] = universe.map(({ symbol }) => symbol);
const listedSymbols = new Set([...symbols, 'BANKNIFTY', 'BANKEX']);
/** Days before and after weeklies, monthlies, and options on a future end; the last a Friday. */
const dates = ['2026-11-17', '2026-11-23', '2026-11-24', '2026-11-26', '2026-11-27'];

/** Short days: the rules are the same, and there is less of nothing going on. */
const hoursOf = (exchange: Exchange, overrides: DateEntry[]): TradingHoursCalendar => {
  const day = exchange === 'MCX'
    ? [{ phase: 'continuous' as const, start: '09:00', end: '11:20' }]
    : [
        { phase: 'pre_open' as const, start: '09:00', end: '09:15' },
        { phase: 'continuous' as const, start: '09:15', end: '11:00' },
      ];
  const days = { mon: day, tue: day, wed: day, thu: day, fri: day };
  return createCalendar({
    format: templateFormat, name: 'Short', exchange, segment: 'fno',
    weeks: [{ from: '2026-01-01', days }], verifiedYears: [2026], overrides,
  });
};

const running: VirtualPlatform[] = [];
afterEach(() => running.splice(0).forEach((platform) => platform.stop()));

/** A registry that cannot be reached now and then. */
function fragileRegistry() {
  const registry = createMemoryRegistry();
  let isDown = false;
  const fragile = new Proxy<ChainRegistry>(registry, {
    get: (target, name) => async (...given: unknown[]): Promise<unknown> => {
      if (isDown) throw new Error('the database is down');
      return (target[name as keyof ChainRegistry] as (...args: unknown[]) => unknown)(...given);
    },
  });
  return { fragile, setDown: (is: boolean) => void (isDown = is) };
}

/** A platform in the hands of chance, and what is held against it. */
class RandomDay {
  readonly watch: ChainWatch;
  readonly platform: VirtualPlatform;
  readonly told: string[] = [];
  private readonly date: string;
  private readonly registry = fragileRegistry();
  private readonly next: () => number;
  private overrides: DateEntry[] = [];
  private hours = new Map<Exchange, TradingHoursCalendar>();
  private readonly away: VirtualPlatform['accounts'];
  private client: FrameClient | undefined;

  constructor(seed: number) {
    const random = createSeededRandom(seed);
    this.next = () => random.next();
    this.date = dates[seed % dates.length]!;
    this.setHours([]);
    // Quiet, lively, and beyond all that is listed.
    const factor = [1, 4, 16][seed % 3]!;
    this.platform = createVirtualPlatform({
      seed,
      universe,
      registry: this.registry.fragile,
      startMs: this.at('08:50'),
      hours: (exchange) => this.hours.get(exchange),
      boundsMs: { ...refreshBoundsMs, index: 600_000, commodity: 600_000, stock: 600_000 },
      simulator: {
        underlyings: defaultUnderlyings
          .filter(({ symbol }) => listedSymbols.has(symbol))
          .map((one) => ({ ...one, vol: one.vol * factor })),
        sessions: { kind: 'always' },
        holidays: [],
        rates: { ticksPerSecond: 5, contractTicksPerSecondMax: 1, sliceMs: 1_000 },
      },
    });
    running.push(this.platform);
    this.away = [...this.platform.accounts];
    const calendar = tradingCalendarOf((exchange) => this.hours.get(exchange));
    this.watch = new ChainWatch(this.platform, { calendar, universe });
  }

  at(time: string, daysAhead = 0): number {
    return Date.parse(`${this.date}T${time}+05:30`) + daysAhead * 86_400_000;
  }

  /** Day by day, with a client around whatever changes chains, and by chance. */
  async live(): Promise<void> {
    const { clock } = this.platform;
    void this.platform.start();
    for (const day of [0, 1]) {
      await this.sleepUntil(this.at('08:50', day));
      for (const [time, isWatched] of [
        ['08:59', false], ['09:14:52', true], ['10:59:52', true], ['11:04', false],
        ['11:24', false],
      ] as const) {
        await this.go(this.at(time, day), isWatched);
      }
    }
    const isWeekend = (ahead: number): boolean =>
      [0, 6].includes(new Date(this.at('12:00', ahead)).getUTCDay());
    const last = [2, 3, 4].find((ahead) => !isWeekend(ahead))!;
    await this.sleepUntil(this.at('08:58', last));
    await clock.advance(22 * 60_000);
  }

  /** The machine is asleep meanwhile: hours of nothing take their time. */
  private async sleepUntil(untilMs: number): Promise<void> {
    const { clock } = this.platform;
    clock.jumpWall(untilMs - clock.wallMs());
    this.watch.woken();
    await clock.advance(1_000);
  }

  /** All is well again, for so long that whatever failed is tried anew. */
  async recover(): Promise<void> {
    this.registry.setDown(false);
    this.calm();
    this.setHours([]);
    this.platform.engine.days.calendarChanged();
    this.platform.runner.calendarChanged();
    this.watch.hoursChanged();
    await this.bringBack();
    for (let minute = 0; minute < 12; minute++) {
      await this.platform.clock.advance(60_000);
      this.watch.look();
    }
  }

  private async go(untilMs: number, isWatched: boolean): Promise<void> {
    const { clock } = this.platform;
    while (clock.wallMs() < untilMs) {
      if (this.next() < 0.6) await this.disturb();
      if (this.next() < 0.3) this.subscribe();
      const stepMs = this.client ? this.ms(100, 6_000) : this.ms(1_000, 900_000);
      await clock.advance(Math.min(stepMs, untilMs - clock.wallMs()));
      this.watch.look(this.client);
      this.leave();
    }
    if (isWatched) await this.watchOn();
  }

  /** Over the open and the close, step by step. */
  private async watchOn(): Promise<void> {
    this.subscribe();
    for (let step = 0; step < 8; step++) {
      await this.platform.clock.advance(step === 0 ? 10_000 : 1_500);
      this.watch.look(this.client);
    }
    this.leave();
  }

  private subscribe(): void {
    this.leave();
    const { board, hub } = this.platform.engine;
    this.client = new FrameClient();
    for (const chain of board.all()) hub.subscribe(chain, 'binary', this.client);
  }

  private leave(): void {
    if (this.client) this.platform.engine.hub.drop(this.client);
    this.client = undefined;
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  private setHours(overrides: DateEntry[]): void {
    this.overrides = overrides;
    for (const exchange of ['NSE', 'BSE', 'MCX'] as const) {
      this.hours.set(exchange, hoursOf(exchange, this.overrides));
    }
  }

  private async disturb(): Promise<void> {
    const names = Object.keys(this.deeds) as (keyof typeof this.deeds)[];
    const name = this.pick(names);
    this.told.push(`${new Date(this.platform.clock.wallMs() + 19_800_000).toISOString()} ${name}`);
    await this.deeds[name]();
  }

  private fault(fault: Fault): void {
    this.changing(() => void this.platform.simulator.faults.add(fault));
  }

  private calm(): void {
    this.changing(() => this.platform.simulator.faults.clear());
  }

  /** What the broker lists may be another afterwards. */
  private changing(change: () => void): void {
    this.watch.lists.note();
    change();
    this.watch.lists.note();
  }

  private ms(from: number, to: number): number {
    return Math.round(from + (to - from) * this.next() ** 2);
  }

  private readonly deeds = {
    drop: () => this.fault({ kind: 'dropSocket', socket: 'all' }),
    mute: () => this.fault({ kind: 'muteSocket', socket: 'all', forMs: this.ms(1_000, 90_000) }),
    handshake: () =>
      this.fault({ kind: 'handshakeStatus', status: this.pick([429, 503]), forMs: 60_000 }),
    delay: () => this.fault({ kind: 'delayPackets', delayMs: 20_000, forMs: 60_000 }),
    corrupt: () => this.fault({ kind: 'corruptFrames', probability: 0.4, forMs: 60_000 }),
    rest: () =>
      this.fault({
        kind: 'restError',
        path: this.pick(['*', 'optionchain', 'optionchain/expirylist', 'marketfeed/ltp']),
        answer: this.pick(['status', 'html', 'empty', 'hang']),
        forMs: this.ms(1_000, 300_000),
      }),
    empty: () => {
      const { symbol: underlying, expiries } = this.listed();
      this.fault({ kind: 'emptyChain', underlying, expiry: this.pick(expiries), forMs: 120_000 });
    },
    noPrice: () => this.fault({ kind: 'omitLtp', underlying: this.pick(symbols), forMs: 120_000 }),
    falseMaster: () => this.fault({ kind: 'falseMasterExpiries', shiftDays: 2, forMs: 600_000 }),
    oddList: () => {
      const { symbol: underlying, expiries } = this.listed();
      const [odd] = ['2026-11-28', '2026-12-06'];
      this.fault({ kind: 'oddExpiries', underlying, expiries: [...expiries, odd!] });
    },
    token: () => this.fault({ kind: 'expireToken' }),
    calm: () => this.calm(),
    database: () => this.registry.setDown(this.next() < 0.5),
    leave: async () => {
      this.platform.accounts.splice(0);
      await this.tellAccounts();
    },
    back: () => this.bringBack(),
    restart: async () => {
      this.leave();
      // What could not be stored before the end is lost, and nobody can hold on to it.
      this.registry.setDown(false);
      await this.platform.clock.advance(320_000);
      this.watch.look();
      this.platform.renew();
      await this.platform.clock.advance(this.ms(1_000, 60_000));
      this.watch.restarted();
      void this.platform.start();
    },
    refresh: () => this.refresh(),
    read: () => this.readOddly(),
    hours: () => {
      const date = indiaDateOf(this.platform.clock.wallMs());
      const name = 'As announced';
      this.setHours(this.pick<DateEntry[]>([
        [],
        [{ kind: 'extension', date, name, minutes: 60 }],
        [{ kind: 'partial', date, name, closes: '10:00' }],
        [{ kind: 'partial', date, name, opens: '09:30' }],
        [{ kind: 'closed', date, name }],
      ]));
      this.platform.engine.days.calendarChanged();
      this.platform.runner.calendarChanged();
      this.watch.hoursChanged();
    },
  };

  private listed() {
    const { truth } = this.platform.simulator;
    return this.pick(truth.underlyings().filter(({ symbol }) => symbols.includes(symbol)));
  }

  /** As by a person who saves the credentials anew: whatever was refused before is tried. */
  private async bringBack(): Promise<void> {
    const saved = this.away.map((one) => ({ ...one, instance: { ...one.instance } }));
    this.platform.accounts.splice(0, Infinity, ...saved);
    await this.tellAccounts();
  }

  /** Not waited for: what it does may take minutes. */
  private async tellAccounts(): Promise<void> {
    this.watch.started();
    void this.platform.engine.accountsChanged();
    await this.platform.clock.settle();
  }

  private refresh(): void {
    const { symbol: underlying, expiries } = this.listed();
    const expiry = this.pick(expiries);
    const wish = this.pick<{ underlying?: string; expiry?: string }>([
      {}, { underlying }, { underlying, expiry },
    ]);
    try {
      this.watch.asked(this.platform.engine.refreshes.start(wish, 'test'), wish);
    } catch (error) {
      expect(['not_found', 'throttled']).toContain(errorKindOf(error));
    }
  }

  /** Whatever is asked for: nothing comes of it but an answer or a refusal. */
  private readOddly(): void {
    const { service } = this.platform.engine;
    const symbol = this.pick([...symbols, 'nifty', '', 'BANKNIFTY', '__proto__']);
    const expiry = this.pick([undefined, '', '2026-11-28', '2027-01-26', this.date, 'tomorrow']);
    for (const read of [
      () => service.snapshot(symbol, expiry),
      () => service.instruments(symbol, expiry),
      () => service.termStructure(symbol),
      () => service.expiries(symbol),
      () => service.status(),
    ]) {
      try {
        read();
      } catch (error) {
        expect(['not_found', 'retryable']).toContain(errorKindOf(error));
      }
    }
  }
}

describe('chains over random days', () => {
  // Those after the first ten have found something once.
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 28, 36, 62, 65];
  it.each(seeds)('never drift, whatever happens (seed %i)', async (seed) => {
    const day = new RandomDay(seed);
    await day.live();
    await day.recover();
    day.watch.checkWhole();
    expect({ wrong: day.watch.wrong, told: day.watch.wrong.length ? day.told : [] })
      .toEqual({ wrong: [], told: [] });
    expect(day.platform.engine.service.status().phase).toBe('live');
    expect(day.platform.simulator.violations()).toMatchObject({ total: 0 });
  });
});
