import {
  indiaIsoOf,
  type ContractKey,
  type ContractQuery,
  type ContractTerms,
} from '@strikewire/contracts';
import { StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import { contractOf } from './contract-facts';
import type { ContractDesk, ContractFacts, ContractReading } from './contract-reading';
import type { LiveContractDesk } from './contract-desk';
import type { DayPlan } from './day-plan';

/** What terms are told from. */
export interface ContractTermsDeps {
  clock: Pick<Clock, 'monoMs' | 'after'>;
  contracts: Pick<ContractDesk, 'find' | 'read' | 'hold'> & Pick<LiveContractDesk, 'futures'>;
  plan(): DayPlan;
}

const holder = 'tickets';
/** A future is kept live for so long after somebody has last looked at it. */
const leaseMs = 10 * 60_000;
/** Futures that are kept live for those who look; beyond it the one looked at longest ago goes. */
export const leasesMax = 100;
const lookMs = 60_000;

/**
 * Contracts as tickets show them: terms and book. Futures lie in no chain: one that is looked at
 * is kept live for a while.
 */
export class ContractTermsDesk {
  private readonly deps: ContractTermsDeps;
  /** When each was last looked at, the one longest ago first. */
  private readonly leases = new Map<ContractKey, number>();
  private timer: Timer | undefined;

  constructor(deps: ContractTermsDeps) {
    this.deps = deps;
  }

  /**
   * @throws StrikewireError `invalid` for a key that is none, `not_found` for what nobody serves,
   * `retryable` while a future's market is being subscribed.
   */
  async terms(query: ContractQuery): Promise<ContractTerms> {
    const key = query.key ?? (await this.futureOf(query));
    const contract = contractOf(key);
    if (!contract) {
      const needed = 'one such as NSE:NIFTY:2026-11-24:24500:CE or NSE:NIFTY:2026-11-24:FUT';
      throw refusal('invalid', 'contract_key_invalid', `key was "${key}", needs ${needed}`);
    }
    const { contracts } = this.deps;
    if (contract.kind === 'FUT') await this.lease(key);
    const [facts, reading] = [contracts.find(key), contracts.read(key)];
    if (facts && reading) return termsOf(facts, reading);
    if (contract.kind === 'FUT') {
      throw refusal('retryable', 'contract_awaited', `${key} is being subscribed`);
    }
    throw unknown(key);
  }

  stop(): void {
    this.timer?.cancel();
  }

  private async futureOf({ underlying: symbol = '', expiry = '' }: ContractQuery): Promise<string> {
    const row = this.deps.plan().underlyings.find((one) => one.row.symbol === symbol)?.row;
    if (!row) {
      const message = `underlying was "${symbol}", needs one of those served`;
      throw refusal('not_found', 'underlying_unknown', message);
    }
    const found = await this.deps.contracts.futures.near(row, expiry);
    if (found !== undefined) return found;
    throw refusal('not_found', 'future_unknown', `no future of ${symbol} is listed`);
  }

  /** Only of what is listed: no key of somebody's own making takes a place. */
  private async lease(key: ContractKey): Promise<void> {
    const { contracts, clock } = this.deps;
    const isNew = !this.leases.has(key);
    if (isNew && !contracts.find(key)) {
      const contract = contractOf(key);
      if (contract) await contracts.futures.near(contract, contract.expiry);
      if (!contracts.futures.find(key)) throw unknown(key);
    }
    this.leases.delete(key);
    this.leases.set(key, clock.monoMs());
    for (const oldest of this.leases.keys()) {
      if (this.leases.size <= leasesMax) break;
      this.leases.delete(oldest);
    }
    if (isNew) this.hold(key);
    this.timer ??= clock.after(lookMs, () => this.look());
  }

  /** Where too much is held already, whoever asks is told so, and asks again. */
  private hold(key: ContractKey): void {
    try {
      this.deps.contracts.hold(holder, [...this.leases.keys()]);
    } catch (error) {
      this.leases.delete(key);
      throw error;
    }
  }

  private look(): void {
    this.timer = undefined;
    const { contracts, clock } = this.deps;
    const before = this.leases.size;
    for (const [key, mono] of this.leases) {
      if (clock.monoMs() - mono >= leaseMs) this.leases.delete(key);
    }
    if (this.leases.size < before) contracts.hold(holder, [...this.leases.keys()]);
    if (this.leases.size > 0) this.timer = clock.after(lookMs, () => this.look());
  }
}

function termsOf(facts: ContractFacts, reading: ContractReading): ContractTerms {
  const rupees = (paise: number | null): number | null => (paise === null ? null : paise / 100);
  const { key, underlying, exchange, expiry, kind, strikePaise, symbol, lotSize } = facts;
  const { bids, asks, receivedMs, iv } = reading;
  const level = ({ pricePaise, quantity, orders }: ContractReading['bids'][number]) =>
    ({ price: pricePaise / 100, quantity, orders });
  return {
    key, underlying, exchange, expiry, kind, symbol, lotSize,
    strike: kind === 'FUT' ? null : strikePaise / 100,
    tickSize: facts.tickPaise / 100,
    freezeQuantity: facts.freezeQuantity,
    ltp: rupees(reading.ltpPaise),
    previousClose: rupees(reading.previousClosePaise),
    spot: rupees(reading.spotPaise),
    iv: iv === null ? null : iv * 100,
    bids: bids.map(level),
    asks: asks.map(level),
    receivedAt: receivedMs > 0 ? indiaIsoOf(receivedMs) : null,
    stale: reading.isStale,
  };
}

function unknown(key: ContractKey): StrikewireError {
  const message = `contract was "${key}", needs one that is served`;
  return refusal('not_found', 'contract_unknown', message);
}

function refusal(
  kind: 'invalid' | 'not_found' | 'retryable',
  code: string,
  message: string,
): StrikewireError {
  return new StrikewireError({ kind, code, message, details: { field: 'key' } });
}
