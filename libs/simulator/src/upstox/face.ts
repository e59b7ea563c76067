import { createFaceEffects } from '../faces/effects';
import type { Face, FaceDeps } from '../faces/face';
import type { LifeSettings } from '../faces/outlet';
import {
  createUpstoxAccounts, defaultUpstoxAccount, type UpstoxAccountSeed,
} from './accounts';
import { createFeedCodes } from './feed/feed-codes';
import { UpstoxFeed } from './feed/upstox-feed';
import { createKeys } from './keys';
import { createUpstoxLimits } from './limits';
import { createOrderDesk } from '../orders/order-desk';
import { upstoxOrderRules } from './orders/order-rules';
import { isPortfolioFeed, PortfolioFeed } from './orders/portfolio-feed';
import { createUpstoxRest } from './rest/routes';
import { createSignIns } from './rest/sign-in-codes';

/** The users of the simulated Upstox and how it treats them. */
export interface UpstoxOptions {
  /** `defaultUpstoxAccount` when not given. */
  accounts?: readonly UpstoxAccountSeed[];
  life?: Partial<LifeSettings>;
  /** Where the feed is said to be when a request does not name the host it asked. */
  host?: string;
  /** For how long the feed tells Greeks that it has found, ms; 0, the default: each anew. */
  greeksMs?: number;
}

const defaultLife: LifeSettings = { pingMs: 10_000, silenceMs: 40_000 };

/** REST, sign-in, instrument files, feed and portfolio stream of Upstox. */
export function createUpstoxFace(
  given: FaceDeps,
  { accounts: seeds, life, host = 'upstox.test', greeksMs = 0 }: UpstoxOptions,
  holidays: readonly string[],
): Face {
  const { clock, random, market, violations, faults } = given;
  const accounts = createUpstoxAccounts(clock, seeds ?? [defaultUpstoxAccount], faults);
  const codes = createFeedCodes(random, host);
  const desk = createOrderDesk(given, upstoxOrderRules);
  const deps = { ...given, accounts, codes, keys: createKeys(market), desk };
  const lives = { ...defaultLife, ...life };
  const feed = new UpstoxFeed({ ...deps, life: lives, greeksMs });
  const portfolio = new PortfolioFeed({ ...deps, life: lives, host });
  const limits = createUpstoxLimits(clock, violations);
  const rest = createUpstoxRest(
    { ...deps, limits, holidays, signIns: createSignIns(random) },
    (call) => portfolio.authorize(call),
  );
  return {
    site: {
      http: rest.answer,
      socket: (request) => (isPortfolioFeed(request) ? portfolio : feed).handshake(request),
    },
    accounts,
    desk,
    effects: createFaceEffects(clock, accounts, feed, portfolio),
    status: () => ({
      requests: rest.requests(), ...feed.status(), orders: portfolio.status(),
    }),
    flush() {
      feed.flush();
      portfolio.flush();
    },
    stop() {
      feed.stop();
      portfolio.stop();
      desk.stop();
    },
  };
}
