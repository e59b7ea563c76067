export {
  createAccountFeed,
  type AccountFeed,
  type AccountFeedOptions,
  type FeedActivity,
  type FeedCounters,
  type FeedTarget,
} from './account-feed';
export {
  AccountPool,
  type AccountPoolDeps,
  type AccountSetup,
  type LiveAccount,
} from './account-pool';
export { noAccount, primaryBroker } from './primary-broker';
export { backoffMaxMs, backoffMs } from './backoff';
export { ConnectionBudget } from './connection-budget';
export { type FeedSocketState, type FeedSocketStatus } from './feed-socket';
export { createRateBudget, type BudgetUse, type RateBudget } from './rate-budget';
