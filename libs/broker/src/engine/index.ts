export { type FeedActivity, type FeedCounters, type FeedTarget } from './feed-types';
export { type AccountRole, type AccountView } from './account-view';
export {
  AccountPool,
  type AccountPoolDeps,
  type AccountSetup,
  type LiveAccount,
} from './account-pool';
export { dataAccounts, noAccount, type DataAccount } from './data-account';
export { DepthBookStore, type DepthLevel } from './depth-book-store';
export {
  DepthDesk,
  depthLeaseMs,
  type DepthAccount,
  type DepthContract,
  type DepthDeskDeps,
  type DepthReading,
  type DepthStatus,
} from './depth-desk';
export { type DepthSocketState, type FullBook } from './depth-socket';
export { type PooledAccount } from './feed-dealing';
export { FeedPool, socketsPerAccountMax, type FeedPoolOptions } from './feed-pool';
export { type AccountLoad, type PooledSocket } from './feed-members';
export { backoffMaxMs, backoffMs } from './backoff';
export { ConnectionBudget } from './connection-budget';
export { ContractAtlas, type AtlasBroker } from './contract-atlas';
export { Supervision, type FailoverWishes, type SupervisionDeps } from './supervision';
export { type FailoverEvent } from './switch-watch';
export { type FeedSocketState, type FeedSocketStatus } from './feed-socket-types';
export {
  OrderFeedRunner,
  type OrderFeedNews,
  type OrderFeedRunnerDeps,
  type OrderFeedState,
  type OrderFeedStatus,
} from './order-feed-runner';
export { createRateBudget, type BudgetUse, type RateBudget } from './rate-budget';
