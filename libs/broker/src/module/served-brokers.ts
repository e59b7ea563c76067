import type { Vault } from '@strikewire/platform/secrets';
import type { AnyBrokerPlugin } from '../core/plugin';
import { AccountCredentials, type GivenCredentials } from './account-credentials';
import { invalidField } from './account-store';
import type { AccountRow } from './entities';

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
  constructor(brokers: readonly ServedBroker[], vault: Vault) {
    this.brokers = brokers;
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

  /** The broker's own name of the account that credentials are of. */
  accountOf(broker: string, clear: GivenCredentials): string {
    return this.find(broker).plugin.accountOf(clear as never);
  }

  /** The same of an account that is stored. */
  nameOf({ id, broker, credentials }: AccountRow): string {
    return this.accountOf(broker, this.credentialsOf(broker).open(id, credentials));
  }
}
