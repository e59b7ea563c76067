import { tokenKey, type InstrumentToken } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import type { Clock } from '@strikewire/runtime';
import { contractOf } from './contract-facts';
import type { EngineSources } from './engine-sources';
import { chainKey } from './live-chain';

/** What names are read from. */
export interface ContractTokensDeps extends Pick<EngineSources, 'board' | 'supervision' | 'names'> {
  options: { clock: Clock };
}

/** A name that was not found is looked for again no sooner: more names are learned by and by. */
const searchMs = 1_000;

interface Keys {
  generation: number;
  readMono: number;
  byToken: ReadonlyMap<string, ContractKey>;
}

/** What brokers call the contracts that are served or held, and the other way round. */
export class ContractTokens {
  private readonly deps: ContractTokensDeps;
  private readonly keys = new Map<string, Keys>();

  constructor(deps: ContractTokensDeps) {
    this.deps = deps;
  }

  tokenOf(key: ContractKey, broker: string): InstrumentToken | undefined {
    const { board, names, supervision } = this.deps;
    const contract = contractOf(key);
    if (!contract) return undefined;
    const slots = board.find(chainKey(contract, contract.expiry))?.slots;
    if (slots?.skeleton.broker === broker && contract.kind !== 'FUT') {
      const row = (board.generation.layout.slotByKey.get(key) ?? -1) - slots.firstSlot;
      const strike = slots.legKeys[row] === key ? slots.skeleton.strikes[row >> 1] : undefined;
      if (strike) return strike[contract.kind].token;
    }
    const held = board.generation.layout.held.find((one) => one.key === key);
    if (held?.broker === broker) return held.token;
    return names.home === broker ? names.tokenOf(key) : supervision.names.tokenOf(broker, key);
  }

  /** `token`: as of `tokenKey`. */
  keyOf(token: string, broker: string): ContractKey | undefined {
    const { board, options: { clock } } = this.deps;
    const held = this.keys.get(broker);
    const isOfNow = held?.generation === board.generation.number;
    const found = isOfNow ? held.byToken.get(token) : undefined;
    if (found !== undefined || (isOfNow && clock.monoMs() - held.readMono < searchMs)) return found;
    const byToken = this.read(broker);
    const { number: generation } = board.generation;
    this.keys.set(broker, { generation, readMono: clock.monoMs(), byToken });
    return byToken.get(token);
  }

  private read(broker: string): ReadonlyMap<string, ContractKey> {
    const byToken = new Map<string, ContractKey>();
    for (const key of this.deps.board.generation.layout.slotByKey.keys()) {
      const token = this.tokenOf(key, broker);
      if (token) byToken.set(tokenKey(token), key);
    }
    return byToken;
  }
}
