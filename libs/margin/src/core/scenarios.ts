/** One of the exchange's scenarios of the next day. */
export interface Scenario {
  /** In price scan ranges; of the extreme ones the sign alone, their size is a rule. */
  move: number;
  /** In volatility scan ranges. */
  volatility: 1 | 0 | -1;
  isExtreme: boolean;
}

const third = 1 / 3;

/**
 * The 16 scenarios in the order of the risk-parameter file: the price unchanged, up and down by
 * thirds of its range, each with volatility up and down, then two extreme moves.
 */
export const scenarios: readonly Scenario[] = [
  ...[0, third, -third, 2 * third, -2 * third, 1, -1].flatMap((move): Scenario[] => [
    { move, volatility: 1, isExtreme: false },
    { move, volatility: -1, isExtreme: false },
  ]),
  { move: 1, volatility: 0, isExtreme: true },
  { move: -1, volatility: 0, isExtreme: true },
];

/** Values of a risk array: one per scenario. */
export const scenarioCount = 16;
