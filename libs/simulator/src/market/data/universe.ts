import type { UnderlyingSpec } from '../underlying';
import { commodities } from './commodities';
import { indices } from './indices';
import { stocks } from './stocks';

/** Everything that derivatives are listed on, and the volatility index. */
export const defaultUnderlyings: readonly UnderlyingSpec[] = [
  ...indices, ...stocks, ...commodities,
];
