import type { BrokerServices } from '@strikewire/broker/module';
import { defaultUniverse } from '@strikewire/option-chain';
import type { NotificationCentre } from '@strikewire/platform/notifications';
import { createMemoryStateStore, createSeededRandom } from '@strikewire/runtime';
import { alwaysOpenCalendar, createCalendar } from '@strikewire/trading-hours';
import { alwaysHours } from '@strikewire/trading-hours/presets';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the composition root is under test
import { openTrading, type Trading } from '../../apps/api/src/open-trading';
import type { Shared } from './api-services';
import type { VirtualPlatform } from './virtual-platform';

const entries = { entriesMax: 10_000 };

/** Orders and margin over the market's chains, as the platform opens them; no account is live. */
export async function tradingOf(
  { clock, log, random, database, access }: Shared,
  { engine }: VirtualPlatform,
  { accounts }: BrokerServices,
  { notifier }: NotificationCentre,
): Promise<{ trading: Trading; stopTrading(): Promise<void> }> {
  const stops: (() => Promise<void> | void)[] = [];
  const trading = await openTrading({
    clock, log, ids: random, random: createSeededRandom(1), notifier, engine, stops,
    storage: { database, state: createMemoryStateStore(clock, entries) },
    security: { access },
    desk: { accounts, data: () => [], onChanged: () => undefined },
    hours: { calendar: alwaysOpenCalendar, derivativesOf: () => createCalendar(alwaysHours) },
    universe: { rules: () => defaultUniverse },
    closes: { of: () => [] },
  });
  const stopTrading = async (): Promise<void> => {
    for (const stop of stops.reverse()) await stop();
  };
  return { trading, stopTrading };
}
