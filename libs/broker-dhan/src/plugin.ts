import { brokerContract, defineBroker, type AccountReport } from '@strikewire/broker';
import { dhanCapabilities } from './capabilities';
import { dhanCredentials, dhanEndpoints } from './config';
import { dhanLimitReadings, dhanLimits } from './limits';
import { DhanAuth } from './rest/auth';
import { DhanRest } from './rest/dhan-rest';
import { createDhanMargin } from './rest/margin';
import { createDhanMarketData } from './rest/market-data';
import { createDhanOrders } from './rest/orders';
import { dhanScreenConvention } from './screen-convention';
import { createDhanDepthFeed } from './stream/depth-feed';
import { createDhanFeed } from './stream/feed-protocol';
import { createDhanOrderFeed } from './stream/order-feed';

/** Dhan (DhanHQ API v2): market data over REST, the feed and 20-level depth; orders and margin. */
export const dhanBroker = defineBroker({
  id: 'dhan',
  label: 'Dhan',
  contract: brokerContract,
  credentials: dhanCredentials,
  endpoints: dhanEndpoints,
  capabilities: dhanCapabilities,
  limits: dhanLimits,
  limitReadings: dhanLimitReadings,
  accountOf: ({ clientId }) => clientId,
  screenConvention: dhanScreenConvention,
  environment: {
    credentials: {
      clientId: 'DHAN_CLIENT_ID',
      accessToken: 'DHAN_ACCESS_TOKEN',
      pin: 'DHAN_PIN',
      totpSecret: 'DHAN_TOTP_SECRET',
    },
    endpoints: {
      rest: 'DHAN_REST_URL',
      feed: 'DHAN_FEED_URL',
      depth: 'DHAN_DEPTH_URL',
      orders: 'DHAN_ORDERS_URL',
      auth: 'DHAN_AUTH_URL',
      master: 'DHAN_MASTER_URL',
    },
    limits: 'DHAN_CHAIN_RULE',
  },
  create(config, deps) {
    const rest = new DhanRest(config, deps);
    const auth = new DhanAuth(config, rest, deps);
    const depthFeed = createDhanDepthFeed(config);
    const orderFeed = createDhanOrderFeed(config);
    const marketData = createDhanMarketData(config, rest, deps);
    return {
      marketData,
      feed: createDhanFeed(config),
      ...(depthFeed && { depthFeed }),
      orders: createDhanOrders(config, rest, deps),
      ...(orderFeed && { orderFeed }),
      margin: createDhanMargin(config, rest, marketData),
      auth,
      async check() {
        const slot = { class: 'account' };
        const { body } = await rest.call({ method: 'GET', path: '/profile', slot });
        const report = readProfile(config.credentials.clientId, body);
        auth.noteExpiry(report.tokenExpiresMs);
        return report;
      },
    };
  },
});

/** `tokenValidity` is `DD/MM/YYYY HH:MM` in India; `dataPlan` tells whether data are paid for. */
function readProfile(accountId: string, body: unknown): AccountReport {
  const { tokenValidity, dataPlan } = (body ?? {}) as { tokenValidity?: string; dataPlan?: string };
  const match = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2})$/.exec(tokenValidity ?? '');
  const expiresMs = match
    ? Date.parse(`${match[3]}-${match[2]}-${match[1]}T${match[4]}:${match[5]}:00+05:30`)
    : NaN;
  const tokenExpiresMs = Number.isFinite(expiresMs) ? expiresMs : null;
  return { accountId, hasMarketData: dataPlan === 'Active', tokenExpiresMs };
}
