import type { Vault } from '@strikewire/platform/secrets';
import type { AnyBrokerPlugin } from '../core/plugin';
import { AccountCredentials, type GivenCredentials } from './account-credentials';
import { invalidField } from './account-store';
import type { AccountRow } from './entities';
import { watchedPlugin, type InstanceNews } from './watched-instance';

/** A broker that is there, with the hosts that the settings name. */
export interface ServedBroker {
  plugin: AnyBrokerPlugin;
  endpoints: Readonly<Record<string, string>>;
}

/** The brokers that are there, and how each one's credentials are handled. */
export class ServedBrokers {
  private readonly brokers: readonly ServedBroker[];
  private readonly credentials: ReadonlyMap<string, AccountCredentials>;

  /** Throws (`fatal`) when a plugin's credentials cannot be drawn as a form. */
  constructor(brokers: readonly ServedBroker[], vault: Vault, news: InstanceNews) {
    this.brokers = brokers.map(({ plugin, endpoints }) => ({
      plugin: watchedPlugin(plugin, news), endpoints,
    }));
    this.credentials = new Map(
      brokers.map(({ plugin }) => [plugin.id, new AccountCredentials(plugin, vault)]),
    );
  }

  /** All of them, with the fields of their forms. */
  list(): (ServedBroker & Pick<AccountCredentials, 'fields'>)[] {
    return this.brokers.map((broker) => ({
      ...broker,
      fields: this.credentialsOf(broker.plugin.id).fields,
    }));
  }

  has(broker: string): boolean {
    return this.credentials.has(broker);
  }

  /** Kind `invalid` when it is not there. */
  find(broker: string): ServedBroker {
    const found = this.brokers.find(({ plugin }) => plugin.id === broker);
    if (found) return found;
    const known = this.brokers.map(({ plugin }) => plugin.id).join(', ');
    throw invalidField('broker', `needs one of ${known}`);
  }

  credentialsOf(broker: string): AccountCredentials {
    const { plugin } = this.find(broker);
    return this.credentials.get(plugin.id) as AccountCredentials;
  }

  /**
   * Whether credentials are of one account at its broker: the one rule by which entries are told
   * apart. Its plugin names an account by all that is known of it. One who knows less (settings
   * without the token that a sign-in has brought since) may name it otherwise: so it counts as well
   * when what both know is named alike.
   */
  private isOneAccount(
    broker: string,
    one: GivenCredentials,
    other: GivenCredentials,
  ): boolean {
    const { plugin } = this.find(broker);
    const nameOf = (clear: GivenCredentials): string => plugin.accountOf(clear as never);
    if (nameOf(one) === nameOf(other)) return true;
    return nameOf(thoseIn(one, other)) === nameOf(thoseIn(other, one));
  }

  /** The entry among these that is of the same account; undefined when there is none. */
  twinOf<Entry extends { row: AccountRow }>(
    entries: Iterable<Entry>,
    broker: string,
    clear: GivenCredentials,
  ): Entry | undefined {
    if (!this.has(broker)) return undefined;
    const same = [...entries].filter(({ row }) => row.broker === broker);
    return same.find(({ row }) => this.isOneAccount(broker, clear, this.clearOf(row)));
  }

  /** What is stored of an account, in the clear. */
  clearOf({ id, broker, credentials }: AccountRow): GivenCredentials {
    return this.credentialsOf(broker).open(id, credentials);
  }
}

/** Those fields of one that the other has too. */
function thoseIn(one: GivenCredentials, other: GivenCredentials): GivenCredentials {
  return Object.fromEntries(Object.entries(one).filter(([name]) => Object.hasOwn(other, name)));
}
