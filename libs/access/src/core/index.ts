export {
  canonicalJson,
  chainStart,
  ChainWalk,
  entryHash,
  headOf,
  type ChainEntry,
  linkAfter,
  type ChainHead,
  type ChainLink,
  type Mac,
} from './activity-chain';
export { checkNewPassword } from './password-rules';
export {
  isOver,
  sessionEnds,
  usualSessionLimits,
  type SessionLimits,
  type SessionTimes,
} from './session-life';
export { createSignInThrottle, type SignInThrottle } from './sign-in-throttle';
