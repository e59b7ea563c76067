import type { AnyBrokerPlugin } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';

/** Every broker that is built in, the primary one first. */
export const brokerPlugins: readonly [AnyBrokerPlugin, ...AnyBrokerPlugin[]] = [dhanBroker];
