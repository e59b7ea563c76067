import { brokerContract, defineBroker, type AccountReport } from '@strikewire/broker';
import { openalgoCapabilities } from './capabilities';
import { openalgoCredentials, openalgoEndpoints } from './config';
import { openalgoLimits } from './limits';
import { createOpenalgoMargin } from './rest/margin';
import { createOpenalgoMarketData } from './rest/market-data';
import { OpenalgoRest } from './rest/openalgo-rest';
import { createOpenalgoOrders } from './rest/orders';
import { createOpenalgoFeed } from './stream/feed-protocol';
import { createOpenalgoOrderFeed } from './stream/order-feed';

/** A deployment has one user, and one session at the broker behind it. */
const onlyAccount = 'openalgo';

/** OpenAlgo (API v1 and its socket proxy): a gateway to the broker that is signed in there. */
export const openalgoBroker = defineBroker({
  id: 'openalgo',
  label: 'OpenAlgo',
  contract: brokerContract,
  credentials: openalgoCredentials,
  endpoints: openalgoEndpoints,
  capabilities: openalgoCapabilities,
  limits: openalgoLimits,
  accountOf: () => onlyAccount,
  environment: {
    credentials: { apiKey: 'OPENALGO_API_KEY' },
    endpoints: { rest: 'OPENALGO_REST_URL', feed: 'OPENALGO_FEED_URL' },
  },
  create(config, deps) {
    const rest = new OpenalgoRest(config, deps);
    return {
      marketData: createOpenalgoMarketData(rest, deps),
      feed: createOpenalgoFeed(config),
      orders: createOpenalgoOrders(rest, deps),
      orderFeed: createOpenalgoOrderFeed(config),
      margin: createOpenalgoMargin(rest),
      async check() {
        const { body } = await rest.post('/ping', {});
        return readPing(body);
      },
    };
  },
});

/** It tells which broker is behind it; of a subscription to data it knows nothing. */
function readPing(body: unknown): AccountReport {
  const { broker } = ((body as { data?: unknown } | undefined)?.data ?? {}) as { broker?: unknown };
  const accountId = typeof broker === 'string' && broker !== '' ? broker : onlyAccount;
  return { accountId, hasMarketData: true, tokenExpiresMs: null };
}
