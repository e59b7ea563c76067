export { pointAtm, type AtmPointer } from './atm-pointer';
export {
  classifyExpiries,
  selectExpiries,
  type ClassedExpiry,
  type ExpiryClass,
} from './expiry-rules';
export {
  layOutGeneration,
  type ChainSlots,
  type GenerationLayout,
  type UnderlyingSlot,
} from './generation-layout';
export {
  buildSkeleton,
  type ChainAnswer,
  type Skeleton,
  type SkeletonLeg,
  type SkeletonOutcome,
  type SkeletonStrike,
} from './skeleton';
export {
  atmStrike,
  nearestStrikeIndex,
  strikeInterval,
  strikeWindow,
  type StrikeWindow,
} from './strike-grid';
export { loadLimits, loadSteps, type Load, type LoadStep } from './load-steps';
export {
  refreshBoundsMs,
  type RefreshClass,
} from './refresh/refresh-state';
export {
  chainOrder,
  defaultUniverse,
  defaultUniverseRules,
  monthlyReferences,
  resolveUniverse,
  type ResolvedUnderlying,
} from './universe';
