import type { Universe, UniversePreview, UniverseRule } from '@strikewire/contracts';

/** For tests: a rule of its kind. */
export function ruleOf(
  exchange: UniverseRule['exchange'],
  symbol: string,
  kind: UniverseRule['kind'],
): UniverseRule {
  const expiries = { nearest: 1, monthlies: 2, quarterlies: 0 };
  return { exchange, symbol, kind, window: { below: 12, above: 12 }, expiries, served: true };
}

/** For tests: a universe of two rules, saved once. */
export function universeOf(changes: Partial<Universe> = {}): Universe {
  const rules = [ruleOf('NSE', 'NIFTY', 'index'), ruleOf('NSE', '*', 'stock')];
  return {
    revision: 1,
    changedBy: 'asha',
    changedAt: '2026-11-23T09:30:00+05:30',
    rules,
    defaults: rules.slice(0, 1),
    listed: [
      { exchange: 'NSE', symbol: 'NIFTY', kind: 'index' },
      { exchange: 'NSE', symbol: 'INFY', kind: 'stock' },
    ],
    applied: true,
    ...changes,
  };
}

/** For tests: what it would cost. */
export function previewOf(changes: Partial<UniversePreview> = {}): UniversePreview {
  const none = { underlyings: 0, chains: 0, contracts: 0 };
  const total = { underlyings: 2, chains: 6, contracts: 300 };
  return {
    total,
    byKind: { index: total, commodity: none, stock: none },
    estimated: 0,
    unlisted: [],
    capacity: 1_000,
    restOnly: 0,
    requestsPerMinute: 8,
    requestsPerMinuteMax: 250,
    stretch: 1,
    buildMs: 4_000,
    added: [],
    removed: [],
    ...changes,
  };
}
