import type { AccountFunds, MarginFigures, MarginLeg, MarginPort } from '@strikewire/broker';
import type { ContractDesk, ContractFacts, ContractReading } from '@strikewire/option-chain/engine';
import { silentLog, type StateStore } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import type { MarginPosition } from '../../core/margin-position';
import type { RiskFile } from '../../core/risk-file';
import { exampleMs } from '../../core/testing/margin-fixture';
import { createMarginDesk } from '../create-margin-desk';
import type { RunningMarginDesk } from '../margin-desk-deps';
import type { MarginAccount } from '../margin-account';
import { createMarginEstimator, type MarginEstimator } from '../margin-estimator';
import type { MarginSettings } from '../margin-settings';
import type { MarginStore, StoredRatios } from '../margin-store';
import type { MarginNews } from '../ratio-book';

/** Contracts with the prices of the lines that they were made of; prices can be changed. */
export class FakeContracts implements Pick<ContractDesk, 'find' | 'read' | 'tokenOf'> {
  readonly readings = new Map<string, ContractReading>();
  private readonly facts = new Map<string, ContractFacts>();

  constructor(lines: readonly MarginPosition[], spotPaise: number) {
    for (const line of lines) this.add(line, spotPaise);
  }

  add(line: MarginPosition, spotPaise: number): void {
    const { key, exchange, underlying, expiry, kind, strikePaise } = line;
    this.facts.set(key, {
      key, exchange, underlying, expiry, kind, strikePaise,
      underlyingKind: 'index', symbol: key, lotSize: 65, tickPaise: 5, freezeQuantity: 1_800,
    });
    this.readings.set(key, {
      key, bids: [], asks: [], ltpPaise: line.pricePaise, tradedMs: 0, lastQuantity: 0, volume: 0,
      previousClosePaise: null, spotPaise, iv: null, delta: null, confirmedMs: 0, receivedMs: 0,
      version: '1', isStale: false,
    });
  }

  change(key: string, change: Partial<ContractReading>): void {
    const known = this.readings.get(key);
    if (known) this.readings.set(key, { ...known, ...change });
  }

  find(key: string): ContractFacts | undefined {
    return this.facts.get(key);
  }

  read(key: string): ContractReading | undefined {
    return this.readings.get(key);
  }

  tokenOf(key: string): { segment: string; id: string } | undefined {
    return this.facts.has(key) ? { segment: 'F', id: key } : undefined;
  }
}

/** A broker whose margin is 1,000 rupees a unit, and that can be told to fail or to wait. */
export class FakeMargin implements MarginPort {
  legsMax = 10;
  asked: string[] = [];
  fundsAsked = 0;
  atOnce = 0;
  mostAtOnce = 0;
  answer: (legs: readonly MarginLeg[]) => Promise<MarginFigures> = async (legs) =>
    figuresOf(legs.reduce((sum, leg) => sum + leg.quantity, 0) * 100_000);
  money: () => Promise<AccountFunds> = async () => ({ availablePaise: 5e7, usedPaise: 1e7 });

  async required(legs: readonly MarginLeg[]): Promise<MarginFigures> {
    const words = legs.map(({ token, side, quantity }) => `${side} ${quantity} ${token.id}`);
    this.asked.push(words.join(', '));
    return this.alone(() => this.answer(legs));
  }

  funds(): Promise<AccountFunds> {
    this.fundsAsked++;
    return this.alone(() => this.money());
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    try {
      return await work();
    } finally {
      this.atOnce--;
    }
  }
}

/** Of the whole alone. */
export function figuresOf(requiredPaise: number): MarginFigures {
  const none = { spanPaise: null, exposurePaise: null, premiumPaise: null, benefitPaise: null };
  return { requiredPaise, ...none };
}

/** Keeps rows in memory. */
export class FakeStore implements MarginStore {
  readonly rows = new Map<string, StoredRatios>();

  async ratios(): Promise<StoredRatios[]> {
    return [...this.rows.values()];
  }

  async saveRatios(row: StoredRatios): Promise<void> {
    this.rows.set(`${row.account} ${row.shape}`, row);
  }
}

/** A desk over fakes, with the account `live`, and `paper:u1`. */
export interface DeskRig {
  desk: RunningMarginDesk;
  estimator: MarginEstimator;
  clock: VirtualClock;
  contracts: FakeContracts;
  margin: FakeMargin;
  store: FakeStore;
  news: MarginNews[];
  paperFunds: AccountFunds;
  files: RiskFile[];
}

/** Prices as the lines have them, at the time of the published example. */
export function openRig(
  lines: readonly MarginPosition[],
  options: Partial<Pick<DeskRig, 'clock' | 'margin'>> & {
    store?: MarginStore;
    state?: StateStore;
    settings?: Partial<MarginSettings>;
    account?: Partial<MarginAccount>;
  } = {},
): DeskRig {
  const clock = options.clock ?? createVirtualClock(exampleMs);
  const contracts = new FakeContracts(lines, 2_354_775);
  const margin = options.margin ?? new FakeMargin();
  const fakeStore = new FakeStore();
  const news: MarginNews[] = [];
  const files: RiskFile[] = [];
  const paperFunds: AccountFunds = { availablePaise: 2e7, usedPaise: 0 };
  const log = silentLog;
  const estimator = createMarginEstimator({ clock, log, contracts, files: () => files });
  const live: MarginAccount = {
    broker: 'some-broker',
    label: 'Main account',
    isPaper: false,
    margin,
    tokenOf: (key) => contracts.tokenOf(key),
    ...options.account,
  };
  const paper: MarginAccount = { ...live, broker: 'paper', isPaper: true, margin: null };
  const accounts = new Map([['live', live], ['paper:u1', paper]]);
  const { state, store = fakeStore, settings = {} } = options;
  const desk = createMarginDesk({
    clock, log, estimator, store, state, settings,
    accountOf: (account) => accounts.get(account) ?? null,
    fundsOf: (account) => (account === 'paper:u1' ? paperFunds : null),
    notify: (one) => news.push(one),
  });
  return {
    desk, estimator, clock, contracts, margin, news, paperFunds, files, store: fakeStore,
  };
}
