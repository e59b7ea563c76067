import type { UpstoxFeedMode } from './feed-request';

/** Keys of a connection in a mode: while it is the only one in use, and beside others. */
const keysMax: Readonly<Record<UpstoxFeedMode, { alone: number; beside: number }>> = {
  ltpc: { alone: 5_000, beside: 2_000 },
  option_greeks: { alone: 3_000, beside: 2_000 },
  full: { alone: 2_000, beside: 1_500 },
  full_d30: { alone: 50, beside: 50 },
};

/** Who has paid for more may take 30 levels; nobody else gets anything in that mode. */
export function keysMaxOf(
  session: { isPlus: boolean; count(mode: UpstoxFeedMode): number },
  mode: UpstoxFeedMode,
): number {
  if (mode === 'full_d30' && !session.isPlus) return 0;
  const others = Object.keys(keysMax).filter((one) => one !== mode) as UpstoxFeedMode[];
  const isBeside = others.some((one) => session.count(one) > 0);
  return isBeside ? keysMax[mode].beside : keysMax[mode].alone;
}

/** Connections of a user at once. */
export function connectionsMaxOf({ isPlus }: { isPlus: boolean }): number {
  return isPlus ? 5 : 2;
}
