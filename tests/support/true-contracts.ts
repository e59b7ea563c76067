import type { InstrumentToken } from '@strikewire/broker';
import { optionKey, paiseOf, type ContractKey } from '@strikewire/contracts';
import type { ContractDesk, ContractFacts, ContractReading }
  from '@strikewire/option-chain/engine';
import type { Clock } from '@strikewire/runtime';
import type { Simulator } from '@strikewire/simulator';

const strikesEach = 3;

/** A few contracts near the money, as the simulated market has them at this moment. */
export class TrueContracts implements ContractDesk {
  readonly keys: readonly ContractKey[];
  private readonly simulator: Simulator;
  private readonly clock: Clock;
  private readonly facts = new Map<ContractKey, ContractFacts>();
  private readonly tokens = new Map<ContractKey, InstrumentToken>();

  constructor(simulator: Simulator, clock: Clock) {
    this.simulator = simulator;
    this.clock = clock;
    const [nifty] = simulator.truth.underlyings();
    const expiry = nifty?.expiries[0] ?? '';
    const { strikes = [], spot } = simulator.truth.chain('NIFTY', expiry) ?? {};
    const middle = strikes.findIndex(({ strike }) => strike >= (spot?.ltp ?? 0));
    for (const row of strikes.slice(middle - 1, middle - 1 + strikesEach)) {
      for (const type of ['CE', 'PE'] as const) {
        const strikePaise = paiseOf(row.strike);
        const about = { exchange: 'NSE', expiry, strikePaise } as const;
        const key = optionKey({ ...about, symbol: 'NIFTY', type });
        const { segment, securityId } = row[type];
        this.tokens.set(key, { segment, id: String(securityId) });
        this.facts.set(key, {
          ...about, key, underlying: 'NIFTY', underlyingKind: 'index', kind: type,
          symbol: key, lotSize: nifty?.lot ?? 65, tickPaise: 5, freezeQuantity: 1_756,
        });
      }
    }
    this.keys = [...this.facts.keys()];
  }

  find(key: ContractKey): ContractFacts | undefined {
    return this.facts.get(key);
  }

  read(key: ContractKey): ContractReading | undefined {
    const token = this.tokens.get(key);
    const now = token && this.simulator.truth.contract(token.segment, Number(token.id));
    if (!now) return undefined;
    const { truth } = this.simulator;
    const spot = truth.underlyings()[0]?.ltp;
    const nowMs = this.clock.wallMs();
    const side = (name: 'bid' | 'ask'): ContractReading['bids'][number][] =>
      now.depth
        .map((level) => ({
          pricePaise: paiseOf(level[name]), quantity: level[`${name}Qty`],
          orders: level[`${name}Orders`],
        }))
        .filter(({ pricePaise }) => pricePaise > 0);
    return {
      key,
      bids: side('bid'),
      asks: side('ask'),
      ltpPaise: paiseOf(now.ltp),
      tradedMs: now.tradeTime,
      lastQuantity: 0,
      volume: now.volume,
      previousClosePaise: paiseOf(now.close),
      spotPaise: spot === undefined ? null : paiseOf(spot),
      iv: 0.12,
      delta: null,
      confirmedMs: nowMs,
      receivedMs: nowMs,
      version: `${now.volume}`,
      isStale: false,
    };
  }

  tokenOf(key: ContractKey): InstrumentToken | undefined {
    return this.tokens.get(key);
  }

  keyOf({ segment, id }: InstrumentToken): ContractKey | undefined {
    return this.keys.find((key) => {
      const token = this.tokens.get(key);
      return token?.segment === segment && token.id === id;
    });
  }

  watch(): () => void {
    return () => undefined;
  }

  hold(): void {}
}
