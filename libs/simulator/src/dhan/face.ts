import type { ServedRequest } from '@strikewire/runtime';
import { createFaceEffects } from '../faces/effects';
import type { Face, FaceDeps } from '../faces/face';
import { createAccounts, defaultAccount, type AccountSeed, type Accounts } from './accounts';
import { DepthHub, depthPath } from './depth/depth-hub';
import { createFeedHub, type FeedHub } from './feed/feed-hub';
import { defaultFeedSettings, type FeedSettings } from './feed/feed-session';
import { createRateLimits, type ChainRule } from './limits';
import { createOrderDesk } from '../orders/order-desk';
import { isOrderSocket, OrderHub } from './orders/order-hub';
import { dhanOrderRules } from './orders/order-rules';
import { createRestFace } from './rest/routes';

/** The clients of the simulated Dhan and how it treats them. */
export interface DhanOptions {
  /** `defaultAccount` when not given. */
  accounts?: readonly AccountSeed[];
  feed?: Partial<FeedSettings>;
  /** How the option chain's 3-second rule is read; `perKey` when not given. */
  chainRule?: ChainRule;
}

/** Its accounts are known by more than their names. */
export interface DhanFace extends Face {
  readonly accounts: Accounts;
}

/** REST, instrument files, feed, depth and order news of Dhan. */
export function createDhanFace(
  given: FaceDeps,
  options: DhanOptions,
): DhanFace {
  const { clock, violations, faults } = given;
  const accounts = createAccounts(clock, options.accounts ?? [defaultAccount], faults);
  const desk = createOrderDesk(given, dhanOrderRules);
  const deps = { ...given, accounts, desk };
  const limits = createRateLimits(clock, violations, options.chainRule ?? 'perKey');
  const settings = { ...defaultFeedSettings, ...options.feed };
  const feed = createFeedHub({ ...deps, settings });
  const depth = new DepthHub({ ...deps, life: settings });
  const rest = createRestFace({ ...deps, limits });
  const orders = new OrderHub({ ...deps, life: settings });
  const hubOf = (request: ServedRequest): FeedHub | DepthHub | OrderHub => {
    if (request.path === depthPath) return depth;
    return isOrderSocket(request) ? orders : feed;
  };
  return {
    site: { http: rest.answer, socket: (request) => hubOf(request).handshake(request) },
    accounts,
    desk,
    effects: createFaceEffects(clock, accounts, feed, depth, orders),
    status: () => ({
      requests: rest.requests(), ...feed.status(), depth: depth.status(), orders: orders.status(),
    }),
    flush() {
      feed.flush();
      depth.flush();
      orders.flush();
    },
    stop() {
      feed.stop();
      depth.stop();
      orders.stop();
      desk.stop();
    },
  };
}
