import type { BrokerCapabilities } from '@strikewire/broker';

/** Chains of commodities are not served over REST; their contracts stream like all others. */
export const upstoxCapabilities: BrokerCapabilities = {
  exchanges: ['NSE', 'BSE', 'MCX'],
  chainExchanges: ['NSE', 'BSE'],
  depthLevels: 5,
  brokerGreeks: true,
  browserSignIn: true,
  // Nothing has to be paid for besides.
  untold: ['dataPlan'],
};
