import type { ContractKey, Exchange, OptionType } from '@strikewire/contracts';

/** What the paper market has to know of a contract. */
export interface PaperFacts {
  key: ContractKey;
  exchange: Exchange;
  underlying: string;
  /** ISO date of the last day of trading. */
  expiry: string;
  kind: 'FUT' | OptionType;
  /** 0 for a future. */
  strikePaise: number;
  lotSize: number;
  tickPaise: number;
  freezeQuantity: number | null;
}
