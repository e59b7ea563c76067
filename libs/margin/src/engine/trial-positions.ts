import type { Exchange, OrderTrial } from '@strikewire/contracts';
import type { ContractDesk, ContractFacts } from '@strikewire/option-chain/engine';
import { StrikewireError } from '@strikewire/runtime';
import { positionLimits, type MarginPosition } from '../core/margin-position';

/** What legs of a trial are looked up in. */
export interface TrialDeps {
  contracts: Pick<ContractDesk, 'find'>;
  /** Epoch ms of a contract's last moment of trading. */
  lastMomentMs(exchange: Exchange, expiry: string): number;
}

/**
 * Legs as lines of a position set, one for each; their price comes from the market when they are
 * estimated.
 * @throws StrikewireError `not_found` for a contract that nobody serves, `invalid` for a quantity.
 */
export function trialPositions(
  legs: OrderTrial['legs'],
  { contracts, lastMomentMs }: TrialDeps,
): MarginPosition[] {
  return legs.map((leg, index) => {
    const { quantity, side } = leg;
    const { quantityMax } = positionLimits;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > quantityMax) {
      const message = `was ${quantity}, needs whole units of 1 to ${quantityMax}`;
      refuse('invalid', 'quantity_invalid', `legs.${index}.quantity: ${message}`);
    }
    const facts = contracts.find(leg.contract);
    if (!facts) {
      const message = `legs.${index}.contract: ${leg.contract} is not served`;
      return refuse('not_found', 'contract_unknown', message);
    }
    const signed = side === 'BUY' ? quantity : -quantity;
    return marginPositionOf(facts, signed, lastMomentMs(facts.exchange, facts.expiry));
  });
}

/**
 * A contract as a line of a position set; units are signed. Its price is nominal: an estimator
 * takes the market's.
 */
export function marginPositionOf(
  facts: Omit<ContractFacts, 'underlyingKind' | 'symbol' | 'lotSize' | 'freezeQuantity'>,
  quantity: number,
  expiryMs: number,
): MarginPosition {
  const { key, exchange, underlying, expiry, kind, strikePaise, tickPaise } = facts;
  const price = { pricePaise: tickPaise, iv: null };
  return { key, exchange, underlying, expiry, expiryMs, kind, strikePaise, quantity, ...price };
}

function refuse(kind: 'invalid' | 'not_found', code: string, message: string): never {
  throw new StrikewireError({ kind, code, message });
}
