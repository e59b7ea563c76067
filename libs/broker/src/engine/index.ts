export { type FeedActivity, type FeedCounters, type FeedTarget } from './account-feed';
export {
  AccountPool,
  type AccountPoolDeps,
  type AccountSetup,
  type LiveAccount,
} from './account-pool';
export { dataAccounts, noAccount, type DataAccount } from './data-account';
export {
  FeedPool,
  type AccountLoad,
  type FeedPoolOptions,
  type PooledAccount,
  type PooledSocket,
} from './feed-pool';
export { backoffMaxMs, backoffMs } from './backoff';
export { ConnectionBudget } from './connection-budget';
export { type FeedSocketState, type FeedSocketStatus } from './feed-socket';
export { createRateBudget, type BudgetUse, type RateBudget } from './rate-budget';
