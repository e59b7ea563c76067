import type { AnyBrokerPlugin } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { openalgoBroker } from '@strikewire/broker-openalgo';
import { upstoxBroker } from '@strikewire/broker-upstox';

/** Brokers, the one that is asked first in front. */
export type BrokerPlugins = readonly [AnyBrokerPlugin, ...AnyBrokerPlugin[]];

/** Every broker that is built in, the primary one first. */
export const brokerPlugins: BrokerPlugins = [dhanBroker, upstoxBroker, openalgoBroker];
