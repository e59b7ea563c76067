import type { AccountFunds, InstrumentToken, MarginLeg, MarginPort } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import { netPositions, type MarginPosition } from '../core/margin-position';

/** An account as far as margin is concerned. */
export interface MarginAccount {
  /** The plugin's id; `paper` for a paper account. */
  broker: string;
  /** As people call it. */
  label: string;
  isPaper: boolean;
  /** Null: the broker tells no margins, or is not connected. */
  margin: MarginPort | null;
  tokenOf(key: ContractKey): InstrumentToken | undefined;
}

/** Funds as they were told. */
export interface KnownFunds extends AccountFunds {
  /** When they were asked for, epoch ms: what came later may not be in them. */
  atMs: number;
}

/** What a unit of a contract is worth now, in whole paise; null: not known here. */
type PriceOf = (line: MarginPosition) => number | null;

/**
 * A set in the broker's words, or why it cannot be asked about. `carry` for all: since exchanges
 * look at peak margins within the day, intraday is asked the same of derivatives. Prices are handed
 * over where they are known: a broker that needs them would have to ask its own market data.
 */
export function legsOf(
  account: MarginAccount | null,
  positions: readonly MarginPosition[],
  priceOf: PriceOf = () => null,
): MarginLeg[] | string {
  if (!account) return 'there is no such account';
  if (account.isPaper) return 'a paper account has no broker: the estimate counts';
  const { margin } = account;
  if (!margin) return `${account.label} tells no margins`;
  const lines = netLines(positions);
  if (typeof lines === 'string') return lines;
  if (lines.length > margin.legsMax) {
    const most = `${account.broker} takes ${margin.legsMax} at most`;
    return `the set has ${lines.length} contracts, ${most}: the estimate alone counts`;
  }
  const legs: MarginLeg[] = [];
  for (const line of lines) {
    const { key, quantity } = line;
    const token = account.tokenOf(key);
    if (!token) return `${account.broker} has no ${key}, as far as is known`;
    const side = quantity > 0 ? 'BUY' : 'SELL';
    const size = Math.abs(quantity);
    legs.push({ token, side, quantity: size, product: 'carry', pricePaise: priceOf(line) });
  }
  return legs;
}

function netLines(positions: readonly MarginPosition[]): MarginPosition[] | string {
  try {
    // Lines of one contract may come with prices of two moments: none of them matters here.
    return netPositions(positions.map((one) => ({ ...one, pricePaise: 1 })));
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
