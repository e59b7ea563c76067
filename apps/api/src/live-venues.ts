import type { BrokerInstance, BrokerOrderLimits } from '@strikewire/broker';
import { OrderFeedRunner, type DataAccount } from '@strikewire/broker/engine';
import type { Account } from '@strikewire/contracts';
import type { ContractDesk, ContractFacts } from '@strikewire/option-chain/engine';
import { orderRateRules } from '@strikewire/orders';
import type { OrderVenue, VenueFeed, VenueNews } from '@strikewire/orders/engine';
import {
  errorMessageOf,
  type Clock,
  type Log,
  type OpenSocket,
  type Random,
} from '@strikewire/runtime';
import { offOrders } from './off-orders';

/** What accounts of brokers are made venues of. */
export interface LiveVenuesDeps {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  /** Of contracts, by their keys. */
  contracts: Pick<ContractDesk, 'tokenOf' | 'keyOf'>;
  /** As the console shows them. */
  accounts(): readonly Account[];
  /** Those that are switched on, each with its connection. */
  data(): readonly DataAccount[];
  /** Limits of orders of a broker, as its plugin declares them; undefined: it takes none. */
  limitsOf(broker: string): BrokerOrderLimits | undefined;
}

interface Made {
  /** Undefined: the account is switched off. */
  instance: BrokerInstance | undefined;
  label: string;
  traders: string;
  venue: OrderVenue;
}

/** Brokers limit what nobody has written down too: ten a second at the most, as SEBI does. */
const undeclaredLimits = {
  perSecond: 8, perMinute: null, perHour: null, perDay: null, modificationsPerOrder: null,
};

/**
 * The accounts of brokers that take orders, as venues; one that is switched off is there as well,
 * so that whoever has orders there is told why nothing can be done about them. One stays the same
 * object until its credentials, its name or its traders are others, or it is switched: whoever
 * listens to it follows that.
 */
export class LiveVenues {
  private readonly deps: LiveVenuesDeps;
  private made = new Map<string, Made>();

  constructor(deps: LiveVenuesDeps) {
    this.deps = deps;
  }

  all(): OrderVenue[] {
    const made = new Map<string, Made>();
    const data = this.deps.data();
    for (const account of this.deps.accounts()) {
      const live = data.find(({ id }) => id === account.id);
      const found = this.venueOf(account, live);
      if (found) made.set(account.id, found);
    }
    this.made = made;
    return [...made.values()].map(({ venue }) => venue);
  }

  private venueOf(account: Account, live: DataAccount | undefined): Made | undefined {
    const { id, label } = account;
    const instance = live?.instance;
    if (instance && !instance.orders) return undefined;
    const traders = account.traders.map((one) => one.id).join();
    const known = this.made.get(id);
    const isSame = known && known.instance === instance && known.label === label &&
      known.traders === traders;
    if (isSame) return known;
    const venue = live ? this.make(account, live) : this.makeOff(account, known !== undefined);
    return venue && { instance, label, traders, venue };
  }

  /** `isKnown`: it has taken orders before. */
  private makeOff(account: Account, isKnown: boolean): OrderVenue | undefined {
    const { id, label, broker, traders } = account;
    const { contracts, limitsOf } = this.deps;
    const limits = limitsOf(broker);
    if (!limits && !isKnown) return undefined;
    const reason = (): string => {
      const isOn = this.deps.accounts().find((one) => one.id === id)?.enabled ?? false;
      return `${label} is ${isOn ? 'not connected' : 'switched off'}`;
    };
    return {
      account: id,
      label,
      broker,
      mode: 'live',
      traders: traders.map((one) => one.id),
      closedBecause: reason,
      unreachable: reason,
      orders: offOrders(reason),
      rates: orderRateRules(limits ?? undeclaredLimits),
      tokenOf: (key) => contracts.tokenOf(key, broker),
      keyOf: (token) => contracts.keyOf(token, broker),
      listen: () => () => undefined,
    };
  }

  private make(account: Account, data: DataAccount): OrderVenue {
    const { instance, broker, limits, orderTags = true } = data;
    const { contracts } = this.deps;
    const { id, label, traders } = account;
    const { orders } = instance;
    if (!orders) throw new Error(`${label} takes no orders`);
    let runner: OrderFeedRunner | undefined;
    return {
      account: id,
      label,
      broker,
      mode: 'live',
      traders: traders.map((one) => one.id),
      closedBecause: () => this.closedBecause(id),
      hasTags: orderTags,
      refuses: refusalOf,
      orders,
      rates: orderRateRules(limits.orders ?? undeclaredLimits),
      tokenOf: (key) => contracts.tokenOf(key, broker),
      keyOf: (token) => contracts.keyOf(token, broker),
      feed: () => feedOf(runner),
      listen: (told) => {
        const mine = this.runner(label, instance, told);
        runner = mine;
        mine?.start();
        return () => mine?.stop();
      },
    };
  }

  private closedBecause(id: string): string | null {
    const account = this.deps.accounts().find((one) => one.id === id);
    if (!account || account.state === 'off') return 'the account is switched off';
    if (account.state !== 'parked') return null;
    return account.stateReason ?? 'its broker has refused it';
  }

  private runner(
    label: string,
    { orderFeed: feed }: BrokerInstance,
    told: (news: VenueNews) => void,
  ): OrderFeedRunner | undefined {
    if (!feed) return undefined;
    const { log } = this.deps;
    return new OrderFeedRunner({
      ...this.deps,
      feed,
      told: (news) => {
        try {
          told(news);
        } catch (error) {
          log.error('news of an order', { account: label, reason: errorMessageOf(error) });
        }
      },
      parked: (reason) => log.warn('order updates are refused', { account: label, reason }),
    });
  }
}

/** What is not translated is not sent: a lot of crude oil taken for a unit is a hundred of them. */
function refusalOf({ exchange, lotSize }: ContractFacts): string | null {
  if (exchange !== 'MCX') return null;
  return `brokers count commodities in lots, of ${lotSize} units here, and no live order of them ` +
    'is translated yet: on paper they are traded';
}

function feedOf(runner: OrderFeedRunner | undefined): VenueFeed {
  const status = runner?.status;
  const isTelling = status?.state === 'live';
  const refusal = status?.refusal ?? null;
  return { isTelling, refusal };
}
