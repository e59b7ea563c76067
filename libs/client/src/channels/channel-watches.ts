import type { ChainClient } from '../client-types';
import { chainKeyOf } from '../rest/rest-client';
import type { ChannelDesk } from './channel-desk';
import { StateReader } from './state-reader';
import { greeksSpec, pcrSpec, quotesSpec, statusSpec } from './state-specs';

type ChannelWatches = Pick<
  ChainClient,
  'watchGreeks' | 'watchPcr' | 'watchQuotes' | 'watchStatus' | 'watchAlerts' | 'watchOrders'
>;

/** The watches of every channel but `chain`. */
export function channelWatches(desk: ChannelDesk): ChannelWatches {
  return {
    watchGreeks(target, listener) {
      const create = () => new StateReader(greeksSpec(target));
      return desk.watch(`greeks ${chainKeyOf(target)}`, create, listener);
    },
    watchPcr(target, listener) {
      const create = () => new StateReader(pcrSpec(target));
      return desk.watch(`pcr ${chainKeyOf(target)}`, create, listener);
    },
    watchQuotes(keys, listener) {
      const wanted = [...new Set(keys)].sort();
      const create = () => new StateReader(quotesSpec(wanted));
      return desk.watch(`quotes ${wanted.join(' ')}`, create, listener);
    },
    watchStatus: (listener) =>
      desk.watch('status', () => new StateReader(statusSpec()), listener),
    watchAlerts: (listener) => desk.watchAlerts(listener),
    watchOrders: (listener) => desk.watchOrders(listener),
  };
}
