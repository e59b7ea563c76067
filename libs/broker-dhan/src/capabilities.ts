import type { BrokerCapabilities } from '@strikewire/broker';

export const dhanCapabilities: BrokerCapabilities = {
  exchanges: ['NSE', 'BSE', 'MCX'],
  depthLevels: 5,
  depthFeed: true,
  brokerGreeks: true,
  tokenRenewal: true,
};
