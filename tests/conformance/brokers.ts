import { dhanBroker } from '@strikewire/broker-dhan';
import { openalgoBroker } from '@strikewire/broker-openalgo';
import { upstoxBroker } from '@strikewire/broker-upstox';
import { strikeText, type OptionRef } from '@strikewire/contracts';
import {
  defaultAccount,
  defaultOpenalgoAccount,
  defaultUpstoxAccount,
  simulatedToken,
  type AccountSeed,
} from '@strikewire/simulator';
import { hostOf, type SimulatedBroker } from './simulated-harness';

const unpaidClient = '1000000009';
/** Good, but for its data. */
const unpaidAccount: AccountSeed = {
  clientId: unpaidClient,
  token: simulatedToken(unpaidClient, Date.UTC(2026, 0, 1), defaultAccount.tokenExpiresAt),
  tokenExpiresAt: defaultAccount.tokenExpiresAt,
  dataPlan: false,
};

const dhan: SimulatedBroker = {
  plugin: dhanBroker,
  face: 'dhan',
  endpoints: {
    rest: `http://${hostOf('dhan')}/v2`,
    feed: `ws://${hostOf('dhan')}`,
    depth: `ws://${hostOf('dhan')}/twentydepth`,
    orders: `ws://${hostOf('dhan')}/order-update`,
    auth: `http://${hostOf('dhan')}`,
    master: `http://${hostOf('dhan')}/api-data/api-scrip-master-detailed.csv`,
  },
  credentials: { clientId: defaultAccount.clientId, accessToken: defaultAccount.token },
  wrongCredentials: {
    clientId: defaultAccount.clientId,
    accessToken: 'a-token-that-nobody-was-given',
  },
  tokenOf: (_option, { segment, securityId }) => ({ segment, id: String(securityId) }),
  account: defaultAccount.clientId,
  accounts: [defaultAccount, unpaidAccount],
  credentialsWithoutData: { clientId: unpaidAccount.clientId, accessToken: unpaidAccount.token },
};

const upstoxSegments = { NSE: 'NSE_FO', BSE: 'BSE_FO', MCX: 'MCX_FO' } as const;
const upstoxApp = {
  clientId: defaultUpstoxAccount.apiKey,
  clientSecret: defaultUpstoxAccount.apiSecret,
};

const upstox: SimulatedBroker = {
  plugin: upstoxBroker,
  face: 'upstox',
  endpoints: {
    rest: `http://${hostOf('upstox')}`,
    orders: `http://${hostOf('upstox')}`,
    instruments: `http://${hostOf('upstox')}/market-quote/instruments/exchange`,
  },
  credentials: { ...upstoxApp, accessToken: defaultUpstoxAccount.token },
  wrongCredentials: { ...upstoxApp, accessToken: 'a-token-that-nobody-was-given' },
  tokenOf: ({ exchange }, { securityId }) =>
    ({ segment: upstoxSegments[exchange], id: String(securityId) }),
  redirectUri: defaultUpstoxAccount.redirectUri,
  account: defaultUpstoxAccount.clientId,
};

const openalgoSegments = { NSE: 'NFO', BSE: 'BFO', MCX: 'MCX' } as const;
const months = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';

/** `2026-11-24` as `24NOV26`. */
function dateText(expiry: string): string {
  const month = 3 * (Number(expiry.slice(5, 7)) - 1);
  return `${expiry.slice(8)}${months.slice(month, month + 3)}${expiry.slice(2, 4)}`;
}

function strikeAndType({ strikePaise, type }: Pick<OptionRef, 'strikePaise' | 'type'>): string {
  return `${strikeText(strikePaise)}${type}`;
}

const openalgo: SimulatedBroker = {
  plugin: openalgoBroker,
  face: 'openalgo',
  endpoints: { rest: `http://${hostOf('openalgo')}`, feed: `ws://${hostOf('openalgo')}` },
  credentials: { apiKey: defaultOpenalgoAccount.token },
  wrongCredentials: { apiKey: 'a-key-that-nobody-was-given' },
  tokenOf: ({ exchange, symbol, expiry, ...option }) => ({
    segment: openalgoSegments[exchange],
    id: `${symbol}${dateText(expiry)}${'type' in option ? strikeAndType(option) : 'FUT'}`,
  }),
  account: defaultOpenalgoAccount.clientId,
};

/** Every plugin that is built in, before the simulated face of its broker. */
export const simulatedBrokers = { dhan, upstox, openalgo };
