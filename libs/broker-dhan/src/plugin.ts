import { brokerContract, defineBroker, type AccountReport } from '@strikewire/broker';
import { dhanCapabilities } from './capabilities';
import { dhanCredentials, dhanEndpoints } from './config';
import { dhanLimitReadings, dhanLimits } from './limits';
import { DhanRest } from './rest/dhan-rest';
import { createDhanMarketData } from './rest/market-data';
import { dhanScreenConvention } from './screen-convention';
import { createDhanFeed } from './stream/feed-protocol';

/** Dhan (DhanHQ API v2): market data over REST and the binary feed. */
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
    credentials: { clientId: 'DHAN_CLIENT_ID', accessToken: 'DHAN_ACCESS_TOKEN' },
    endpoints: { rest: 'DHAN_REST_URL', feed: 'DHAN_FEED_URL', master: 'DHAN_MASTER_URL' },
    limits: 'DHAN_CHAIN_RULE',
  },
  create(config, deps) {
    const rest = new DhanRest(config, deps);
    return {
      marketData: createDhanMarketData(config, rest, deps),
      feed: createDhanFeed(config),
      async check() {
        const slot = { class: 'account' };
        const { body } = await rest.call({ method: 'GET', path: '/profile', slot });
        return readProfile(config.credentials.clientId, body);
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
