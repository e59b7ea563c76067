import type { Vault } from '@strikewire/platform/secrets';
import type { Clock, Log, SecureRandom } from '@strikewire/runtime';
import type { TokenGrant } from '../core/auth-port';
import type { AccountPool, LiveAccount } from '../engine/account-pool';
import type { AccountStore } from './account-store';
import type { AccountRow } from './entities';
import type { RefusalKind } from './refusal-kind';
import type { ServedBroker } from './served-brokers';

/** What accounts are made of. */
export interface AccountsDeps {
  clock: Pick<Clock, 'wallMs' | 'monoMs' | 'after'>;
  log: Log;
  random: SecureRandom;
  store: AccountStore;
  pool: AccountPool;
  vault: Vault;
  brokers: readonly ServedBroker[];
  /** What is said of each package of a broker that is not used: an account may miss its plugin. */
  leftOut?: readonly string[];
  /** A user's name by id; undefined when there is none. */
  usernameOf(id: string): string | undefined;
  /** The accounts in use are others, or have other credentials, or there are none. */
  accountsChanged(): void;
  /** Why an account, by its id, carries nothing; null while nothing speaks against it. */
  feedProblem(id: string): string | null;
  /** Its broker refuses an account that is at work. */
  refused(id: string, kind: RefusalKind, why: string): void;
  /** A person has tried it, and its broker lets it in, with market data. */
  foundGood(id: string): void;
  /** Its broker has answered, and has had so long for that, ms. */
  answered(id: string, brokerMs: number): void;
  /** Throws (`denied`) when nobody would carry the data without an account, by its id. */
  refuseLast(id: string): void;
}

/** An account that can be asked, with the credentials that it is asked by. */
export interface AccountConnection extends LiveAccount {
  row: Pick<AccountRow, 'credentials'>;
}

/** What a broker has granted. */
export interface Granted extends Pick<TokenGrant, 'credentials'> {
  /** The account as it was asked: it must have the same credentials still. */
  from: Pick<AccountConnection, 'row'>;
  /** As the activity log names it. */
  action: string;
}
