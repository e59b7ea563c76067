import type { InstrumentToken } from './market-data-port';
import type { OrderProduct, OrderSide } from './orders-port';

/** One position or intended order of a basket, for its margin. */
export interface MarginLeg {
  token: InstrumentToken;
  side: OrderSide;
  /** Units, not lots. */
  quantity: number;
  product: OrderProduct;
  /** Null: at the market's price. */
  pricePaise: number | null;
}

/** What a broker asks for, in paise; null: it does not tell. */
export interface MarginFigures {
  requiredPaise: number;
  spanPaise: number | null;
  exposurePaise: number | null;
  /** Paid for long options. */
  premiumPaise: number | null;
  /** What hedges of each other save. */
  benefitPaise: number | null;
}

/** Money of an account, in paise. */
export interface AccountFunds {
  availablePaise: number;
  usedPaise: number;
}

/** Margin as the broker counts it. Asked on events only, never because of a tick. */
export interface MarginPort {
  /** Legs that one question may have. */
  legsMax: number;
  /** Of all legs together, hedges counted where the broker does. */
  required(legs: readonly MarginLeg[]): Promise<MarginFigures>;
  funds(): Promise<AccountFunds>;
}
