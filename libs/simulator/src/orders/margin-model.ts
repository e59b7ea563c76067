import type { Contract } from '../market/contract';
import type { Market } from '../market/market';

/** Held, or to be: below zero short. */
export interface Leg {
  contract: Contract;
  quantity: number;
  /** What a long option or share costs; undefined: it is paid for already. */
  pricePaise?: number;
}

/** In paise. */
export interface MarginParts {
  span: number;
  exposure: number;
  /** What bought options and shares cost. */
  premium: number;
  total: number;
  /** By how much less this is than the margins of the legs one by one. */
  benefit: number;
}

/** Shares of what the underlying is worth; a covered short pays a part of the first. */
const spanShare = 0.1;
const exposureShare = 0.02;
const coveredShare = 0.3;

/**
 * A margin of its own making, no exchange's: a tenth of the underlying's worth for the side on
 * which more is open, a part of that for what is covered by a long leg, and two hundredths for
 * everything short and all futures.
 */
export function marginOf(market: Market, legs: readonly Leg[]): MarginParts {
  const whole = together(market, legs);
  const alone = legs.map((leg) => together(market, [leg]));
  const sum = alone.reduce((total, parts) => total + parts.total, 0);
  return { ...whole, benefit: Math.max(0, sum - whole.total) };
}

type Parts = Omit<MarginParts, 'benefit'>;

function together(market: Market, legs: readonly Leg[]): Parts {
  const groups = grouped(legs, ({ contract }) => contract.underlying);
  let [span, exposure] = [0, 0];
  for (const [underlying, group] of groups) {
    const spotPaise = market.lookSpot(underlying).ltpPaise;
    const { open, covered, charged } = weightsOf(group);
    span += spotPaise * spanShare * (open + coveredShare * covered);
    exposure += spotPaise * exposureShare * charged;
  }
  const premium = legs.reduce((sum, { contract, quantity, pricePaise = 0 }) =>
    sum + (contract.kind === 'future' ? 0 : Math.max(0, quantity) * pricePaise), 0);
  const rounded = [span, exposure, premium].map(Math.round);
  const [spanPaise = 0, exposurePaise = 0, premiumPaise = 0] = rounded;
  return {
    span: spanPaise, exposure: exposurePaise, premium: premiumPaise,
    total: spanPaise + exposurePaise + premiumPaise,
  };
}

/** Quantities that lose when the underlying rises and when it falls, against what covers them. */
function weightsOf(legs: readonly Leg[]): { open: number; covered: number; charged: number } {
  const risk = { up: 0, down: 0 };
  const cover = { up: 0, down: 0 };
  let charged = 0;
  for (const { contract, quantity } of netted(legs)) {
    const size = Math.abs(quantity);
    const isShort = quantity < 0;
    if (contract.kind === 'cash' && !isShort) continue;
    if (contract.kind !== 'option') {
      charged += size;
      risk[isShort ? 'up' : 'down'] += size;
      cover[isShort ? 'down' : 'up'] += size;
      continue;
    }
    if (isShort) charged += size;
    (isShort ? risk : cover)[contract.type === 'CE' ? 'up' : 'down'] += size;
  }
  const openOf = (way: 'up' | 'down'): number => Math.max(0, risk[way] - cover[way]);
  const coveredOf = (way: 'up' | 'down'): number => Math.min(risk[way], cover[way]);
  return {
    open: Math.max(openOf('up'), openOf('down')),
    covered: Math.max(coveredOf('up'), coveredOf('down')),
    charged,
  };
}

/** Of each contract one leg. */
function netted(legs: readonly Leg[]): Leg[] {
  return [...grouped(legs, ({ contract }) => contract)].map(([contract, same]) => ({
    contract, quantity: same.reduce((sum, { quantity }) => sum + quantity, 0),
  }));
}

function grouped<K>(legs: readonly Leg[], keyOf: (leg: Leg) => K): Map<K, Leg[]> {
  const groups = new Map<K, Leg[]>();
  for (const leg of legs) {
    const key = keyOf(leg);
    const group = groups.get(key);
    if (group) group.push(leg);
    else groups.set(key, [leg]);
  }
  return groups;
}
