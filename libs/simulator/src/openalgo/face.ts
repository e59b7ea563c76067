import { createFaceEffects } from '../faces/effects';
import type { Face, FaceDeps } from '../faces/face';
import type { LifeSettings } from '../faces/outlet';
import {
  createOpenalgoAccounts, defaultOpenalgoAccount, type OpenalgoAccountSeed,
} from './accounts';
import { createOrderDesk } from '../orders/order-desk';
import { openalgoOrderRules } from './orders/order-rules';
import { createOpenalgoRest } from './rest/routes';
import { OpenalgoSocket } from './socket/openalgo-socket';
import { createSymbols } from './symbols';

/** The users of the simulated OpenAlgo and how it treats them. */
export interface OpenalgoOptions {
  /** `defaultOpenalgoAccount` when not given. */
  accounts?: readonly OpenalgoAccountSeed[];
  life?: Partial<LifeSettings>;
}

/** A ping every 20 s, and 20 s for its answer. */
const defaultLife: LifeSettings = { pingMs: 20_000, silenceMs: 40_000 };

/** REST under `/api/v1/` and the socket proxy of OpenAlgo, here on one port. */
export function createOpenalgoFace(
  given: FaceDeps,
  { accounts: seeds, life }: OpenalgoOptions,
): Face {
  const { clock, market, faults } = given;
  const accounts = createOpenalgoAccounts(seeds ?? [defaultOpenalgoAccount], faults);
  const desk = createOrderDesk(given, openalgoOrderRules);
  const deps = { ...given, accounts, symbols: createSymbols(market), desk };
  const feed = new OpenalgoSocket({ ...deps, life: { ...defaultLife, ...life } });
  const rest = createOpenalgoRest(deps);
  return {
    site: { http: rest.answer, socket: (request) => feed.handshake(request) },
    accounts,
    desk,
    effects: createFaceEffects(clock, accounts, feed),
    status: () => ({ requests: rest.requests(), ...feed.status() }),
    flush: () => feed.flush(),
    stop() {
      feed.stop();
      desk.stop();
    },
  };
}
