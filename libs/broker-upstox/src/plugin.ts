import { brokerContract, defineBroker } from '@strikewire/broker';
import { upstoxCapabilities } from './capabilities';
import { upstoxCredentials, upstoxEndpoints, type UpstoxCredentials } from './config';
import { upstoxLimits } from './limits';
import { tokenExpiresMs, tokenUser } from './rest/access-token';
import { createUpstoxAuth } from './rest/auth';
import { createUpstoxMargin } from './rest/margin';
import { createUpstoxMarketData } from './rest/market-data';
import { createUpstoxOrders } from './rest/orders';
import { UpstoxRest } from './rest/upstox-rest';
import { createUpstoxFeed } from './stream/feed-protocol';
import { createUpstoxOrderFeed } from './stream/order-feed';

/**
 * Upstox (API v2 and v3): market data over REST and the protobuf feed, browser sign-in, orders and
 * margin.
 */
export const upstoxBroker = defineBroker({
  id: 'upstox',
  label: 'Upstox',
  contract: brokerContract,
  credentials: upstoxCredentials,
  endpoints: upstoxEndpoints,
  capabilities: upstoxCapabilities,
  limits: upstoxLimits,
  accountOf,
  environment: {
    credentials: {
      clientId: 'UPSTOX_CLIENT_ID',
      clientSecret: 'UPSTOX_CLIENT_SECRET',
      accessToken: 'UPSTOX_ACCESS_TOKEN',
    },
    endpoints: {
      rest: 'UPSTOX_REST_URL',
      orders: 'UPSTOX_ORDERS_URL',
      instruments: 'UPSTOX_INSTRUMENTS_URL',
    },
  },
  create(config, deps) {
    const rest = new UpstoxRest(config, deps);
    return {
      marketData: createUpstoxMarketData(config, rest, deps),
      feed: createUpstoxFeed(rest),
      auth: createUpstoxAuth(config, rest),
      orders: createUpstoxOrders(rest, deps),
      orderFeed: createUpstoxOrderFeed(rest),
      margin: createUpstoxMargin(rest),
      async check() {
        // Every kind of token may ask for this, analytics tokens included.
        await rest.get({ path: '/v2/market/status/NSE', slot: { class: 'account' } });
        return {
          accountId: accountOf(config.credentials),
          // Nothing has to be paid for besides.
          hasMarketData: true,
          tokenExpiresMs: tokenExpiresMs(config.credentials.accessToken),
        };
      },
    };
  },
});

/** Limits are a user's, whichever of the user's apps a token was made for. */
function accountOf({ clientId, accessToken }: UpstoxCredentials): string {
  return tokenUser(accessToken) ?? clientId;
}
