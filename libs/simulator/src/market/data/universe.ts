import type { UnderlyingSpec } from '../underlying';
import { indices } from './indices';

/** Everything that derivatives are listed on. */
export const defaultUnderlyings: readonly UnderlyingSpec[] = indices;
