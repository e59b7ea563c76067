import type { BrokerCapabilities } from '@strikewire/broker';

/**
 * Chains of commodities are not answered: their underlying has no price of its own there. An order
 * has no id of its client's, in requests or in books: one whose answer was lost is not found again,
 * and a person has to look.
 */
export const openalgoCapabilities: BrokerCapabilities = {
  exchanges: ['NSE', 'BSE', 'MCX'],
  chainExchanges: ['NSE', 'BSE'],
  depthLevels: 5,
  brokerGreeks: false,
  orderTags: false,
  // What the broker behind it wants to be paid for, it does not know.
  untold: ['dataPlan'],
};
