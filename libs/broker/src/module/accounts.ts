import {
  indiaIsoOf,
  type Account,
  type AccountChange,
  type AccountCheck,
  type AccountTrial,
  type NewAccount,
} from '@strikewire/contracts';
import { byPlatform, createTurns, RateWindow, type ActedBy } from '@strikewire/platform';
import type { Vault } from '@strikewire/platform/secrets';
import {
  StrikewireError,
  type Clock,
  type SecureRandom,
} from '@strikewire/runtime';
import type { AccountPool, AccountSetup } from '../engine/account-pool';
import { checkAccount } from './account-check';
import type { GivenCredentials } from './account-credentials';
import { invalidField, type AccountFacts, type AccountStore } from './account-store';
import type { AccountRow } from './entities';
import { ServedBrokers, type ServedBroker } from './served-brokers';

/** What accounts are made of. */
export interface AccountsDeps {
  clock: Pick<Clock, 'wallMs' | 'monoMs'>;
  random: SecureRandom;
  store: AccountStore;
  pool: AccountPool;
  vault: Vault;
  brokers: readonly ServedBroker[];
  /** A user's name by id; undefined when there is none. */
  usernameOf(id: string): string | undefined;
  /** The accounts in use are others, or have other credentials, or there are none. */
  accountsChanged(): void;
  /** Why an account's feed is parked; null while it is not, or is not used. */
  feedProblem(label: string): string | null;
}

interface Held {
  row: AccountRow;
  traders: string[];
  check: AccountCheck | null;
  /** The broker refused its credentials when it was last asked. */
  isRefused: boolean;
}

/** Credentials that may be tried in a minute, by all people together. */
const trialsMax = 10;
/** Accounts that there may be. */
const accountsMax = 50;

/** The accounts of all brokers: set up by people or settings, and at work in the pool. */
export class Accounts {
  private readonly deps: AccountsDeps;
  private readonly served: ServedBrokers;
  private readonly trials: RateWindow;
  private readonly held = new Map<string, Held>();
  private readonly inTurn = createTurns();

  constructor(deps: AccountsDeps) {
    this.deps = deps;
    this.served = new ServedBrokers(deps.brokers, deps.vault);
    this.trials = new RateWindow(deps.clock, { countMax: trialsMax, windowMs: 60_000 });
  }

  /** Reads what is stored and puts what is switched on to work. */
  async load(): Promise<void> {
    for (const { row, traders } of await this.deps.store.load()) {
      this.held.set(row.id, { row, traders, check: null, isRefused: false });
      if (this.served.has(row.broker)) this.putToWork(row);
    }
  }

  /**
   * The account that the settings of the process name: made when it is not there, its credentials
   * replaced when they are others. It becomes primary unless people have chosen one.
   */
  async adopt(broker: string, label: string, given: GivenCredentials): Promise<void> {
    const clear = this.served.credentialsOf(broker).complete(given);
    const account = this.served.accountOf(broker, clear);
    const isSame = (row: AccountRow): boolean =>
      this.served.has(row.broker) && this.served.nameOf(row) === account;
    const all = [...this.held.values()];
    const known = all.find(({ row }) => row.broker === broker && isSame(row));
    const id = known
      ? (await this.change(known.row.id, { enabled: true, credentials: given }, byPlatform)).id
      : (await this.add({ broker, label, credentials: given, enabled: true, traders: [] },
          byPlatform, 'environment')).id;
    const chosen = all.find(({ row }) => row.isPrimary);
    if (chosen?.row.origin !== 'console' && chosen?.row.id !== id) await this.makePrimary(id);
  }

  /** The primary one first, then by label. */
  list(): Account[] {
    return [...this.held.values()]
      .map((held) => this.shown(held))
      .sort((a, b) => Number(b.primary) - Number(a.primary) || (a.label < b.label ? -1 : 1));
  }

  /** Adds an account; the first one becomes primary. */
  add(
    wanted: NewAccount,
    by: ActedBy,
    origin: AccountRow['origin'] = 'console',
  ): Promise<Account> {
    return this.inTurn(() => this.addNow(wanted, by, origin));
  }

  private async addNow(
    wanted: NewAccount,
    by: ActedBy,
    origin: AccountRow['origin'],
  ): Promise<Account> {
    if (this.held.size >= accountsMax) {
      const message = `there are ${accountsMax} accounts, the most there may be`;
      throw new StrikewireError({ kind: 'denied', code: 'accounts_full', message });
    }
    const kind = this.served.credentialsOf(wanted.broker);
    const clear = kind.complete(wanted.credentials);
    this.refuseTwin(wanted.broker, clear);
    const at = new Date(this.deps.clock.wallMs());
    const id = this.deps.random.uuid();
    const row: AccountRow = {
      id,
      broker: wanted.broker,
      label: wanted.label,
      enabled: wanted.enabled,
      isPrimary: this.held.size === 0,
      origin,
      credentials: kind.seal(id, clear),
      createdAt: at,
      updatedAt: at,
    };
    const after = this.factsOf(row, wanted.traders);
    const entry = { action: 'account.created', row, before: null, after };
    this.reserve(row);
    await this.deps.store.save(by, entry, wanted.traders);
    return this.settle({ row, traders: wanted.traders, check: null, isRefused: false }, true);
  }

  /** Changes what is given; a credential that is left out or `***` stays as it is. */
  change(id: string, change: AccountChange, by: ActedBy): Promise<Account> {
    return this.inTurn(() => this.changeNow(id, change, by));
  }

  private async changeNow(id: string, change: AccountChange, by: ActedBy): Promise<Account> {
    const held = this.find(id);
    const kind = this.served.credentialsOf(held.row.broker);
    const before = kind.open(id, held.row.credentials);
    const clear = kind.complete(change.credentials ?? {}, before);
    const isSame = change.credentials === undefined || isEqual(clear, before);
    if (!isSame) this.refuseTwin(held.row.broker, clear, id);
    const row: AccountRow = {
      ...held.row,
      label: change.label ?? held.row.label,
      enabled: change.enabled ?? held.row.enabled,
      credentials: isSame ? held.row.credentials : kind.seal(id, clear),
      updatedAt: new Date(this.deps.clock.wallMs()),
    };
    const traders = change.traders ?? held.traders;
    const isChanged =
      !isSame || row.label !== held.row.label || row.enabled !== held.row.enabled ||
      change.traders !== undefined;
    if (!isChanged) return this.shown(held);
    const entry = {
      action: 'account.changed',
      row,
      before: this.factsOf(held.row, held.traders),
      after: { ...this.factsOf(row, traders), ...(isSame ? {} : { credentialsReplaced: true }) },
    };
    this.reserve(row);
    await this.deps.store.save(by, entry, traders);
    const isOther = !isSame || row.enabled !== held.row.enabled || row.label !== held.row.label;
    const check = isSame ? held.check : null;
    const isRefused = isSame && held.isRefused;
    return this.settle({ row, traders, check, isRefused }, isOther);
  }

  /** Makes an account the one whose data are used. */
  makePrimary(id: string, by: ActedBy = byPlatform): Promise<Account[]> {
    return this.inTurn(() => this.makePrimaryNow(id, by));
  }

  private async makePrimaryNow(id: string, by: ActedBy): Promise<Account[]> {
    const next = this.find(id);
    if (next.row.isPrimary) return this.list();
    const former = [...this.held.values()].find(({ row }) => row.isPrimary);
    const before = { primary: former?.row.label ?? null };
    const entry = {
      action: 'account.made_primary', row: next.row, before, after: { primary: next.row.label },
    };
    await this.deps.store.setPrimary(by, entry);
    if (former) former.row = { ...former.row, isPrimary: false };
    next.row = { ...next.row, isPrimary: true };
    this.deps.pool.setPrimary(id);
    this.deps.accountsChanged();
    return this.list();
  }

  /** Takes an account away, with its credentials; the primary one only when it is the last. */
  remove(id: string, by: ActedBy): Promise<void> {
    return this.inTurn(() => this.removeNow(id, by));
  }

  private async removeNow(id: string, by: ActedBy): Promise<void> {
    const { row, traders } = this.find(id);
    if (row.isPrimary && this.held.size > 1) {
      throw new StrikewireError({
        kind: 'denied',
        code: 'account_primary',
        message: `${row.label} is the primary account: make another one primary first`,
      });
    }
    const before = this.factsOf(row, traders);
    const entry = { action: 'account.deleted', row, before, after: null };
    await this.deps.store.remove(by, entry);
    this.held.delete(id);
    this.deps.pool.remove(id);
    if (row.isPrimary) this.deps.pool.setPrimary(undefined);
    if (row.enabled) this.deps.accountsChanged();
  }

  /** Asks the broker what the account may do; what it answers is kept. */
  async test(id: string): Promise<AccountCheck> {
    const held = this.find(id);
    const { row } = held;
    const account = this.deps.pool.get(id) ?? this.deps.pool.connect(this.setupOf(row));
    const outcome = await checkAccount(account, this.deps.clock);
    held.check = outcome.check;
    held.isRefused = outcome.isRefused;
    return outcome.check;
  }

  /** The same for credentials that are not saved, or not yet. */
  async try({ id, broker, credentials }: AccountTrial): Promise<AccountCheck> {
    this.countTrial();
    const kind = this.served.credentialsOf(broker);
    const held = id === undefined ? undefined : this.find(id);
    if (held && held.row.broker !== broker) {
      throw invalidField('broker', `needs to be ${held.row.broker}, as it is`);
    }
    const before = held ? kind.open(held.row.id, held.row.credentials) : {};
    const clear = kind.complete(credentials, before);
    const { plugin, endpoints } = this.served.find(broker);
    const setup = { id: 'trial', label: 'trial', plugin, endpoints, credentials: clear };
    return (await checkAccount(this.deps.pool.connect(setup), this.deps.clock)).check;
  }

  /** Brokers that accounts can be of, with the fields of their forms. */
  brokers(): ReturnType<ServedBrokers['list']> {
    return this.served.list();
  }

  /** Wrong credentials, again and again, can get an address banned at a broker. */
  private countTrial(): void {
    const retryAfterS = this.trials.take('trial');
    if (retryAfterS === undefined) return;
    throw new StrikewireError({
      kind: 'throttled',
      code: 'too_many_trials',
      message: `${trialsMax} credentials were tried within a minute; go on in ${retryAfterS} s`,
      details: { retryAfterS },
    });
  }

  /** What is held and at work follows what was stored. */
  private settle(held: Held, isOther: boolean): Account {
    const { row } = held;
    this.held.set(row.id, held);
    if (!isOther) return this.shown(held);
    if (row.enabled) {
      this.putToWork(row);
      // What the account may do and how long its token lives is known before anybody asks. It fails
      // only when the account was taken away meanwhile: how a check went is no failure.
      void this.test(row.id).catch(() => undefined);
    } else this.deps.pool.remove(row.id);
    this.deps.accountsChanged();
    return this.shown(held);
  }

  /** Its budget is there before it is stored: an account without one could not be put to work. */
  private reserve(row: AccountRow): void {
    if (row.enabled) this.deps.pool.connect(this.setupOf(row));
  }

  private putToWork(row: AccountRow): void {
    const { pool } = this.deps;
    if (row.enabled) pool.put(this.setupOf(row));
    if (row.isPrimary) pool.setPrimary(row.id);
  }

  private setupOf({ id, label, broker, credentials }: AccountRow): AccountSetup {
    const { plugin, endpoints } = this.served.find(broker);
    const clear = this.served.credentialsOf(broker).open(id, credentials);
    return { id, label, plugin, endpoints, credentials: clear };
  }

  private shown(held: Held): Account {
    const { row, traders, check } = held;
    const { id, broker, label, enabled, isPrimary, createdAt, updatedAt } = row;
    const plugin = this.deps.brokers.find((one) => one.plugin.id === broker)?.plugin;
    return {
      id,
      broker,
      brokerLabel: plugin?.label ?? broker,
      label,
      enabled,
      primary: isPrimary,
      credentials: plugin ? this.served.credentialsOf(broker).show(row.credentials) : {},
      traders: traders.map((personId) => ({
        id: personId,
        username: this.deps.usernameOf(personId) ?? personId,
      })),
      ...this.stateOf(held),
      tokenExpiresAt: check?.tokenExpiresAt ?? null,
      lastCheck: check,
      budget: this.deps.pool.get(id)?.budget.use() ?? [],
      createdAt: indiaIsoOf(createdAt.getTime()),
      updatedAt: indiaIsoOf(updatedAt.getTime()),
    };
  }

  private stateOf(held: Held): Pick<Account, 'state' | 'stateReason'> {
    const { row, check, isRefused } = held;
    if (!this.served.has(row.broker)) {
      return { state: 'off', stateReason: `there is no broker plugin ${row.broker}` };
    }
    if (!row.enabled) return { state: 'off', stateReason: null };
    const problem = this.deps.feedProblem(row.label);
    if (problem !== null) return { state: 'parked', stateReason: problem };
    if (isRefused) return { state: 'parked', stateReason: check?.message ?? null };
    return { state: row.isPrimary ? 'in_use' : 'ready', stateReason: null };
  }

  private factsOf(row: AccountRow, traders: readonly string[]): AccountFacts {
    return {
      broker: row.broker,
      label: row.label,
      enabled: row.enabled,
      credentials: this.served.credentialsOf(row.broker).show(row.credentials),
      traders: traders.map((id) => this.deps.usernameOf(id) ?? id),
    };
  }

  /** Two entries of one account would each believe to have its whole budget. */
  private refuseTwin(broker: string, clear: GivenCredentials, exceptId?: string): void {
    const name = this.served.accountOf(broker, clear);
    const twin = [...this.held.values()].find(
      ({ row }) => row.id !== exceptId && row.broker === broker && this.served.nameOf(row) === name,
    );
    if (!twin) return;
    throw invalidField('credentials', `are of the account that ${twin.row.label} is for already`);
  }

  private find(id: string): Held {
    const held = this.held.get(id);
    if (held) return held;
    const message = 'there is no such account';
    throw new StrikewireError({ kind: 'not_found', code: 'account_unknown', message });
  }
}

function isEqual(one: GivenCredentials, other: GivenCredentials): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
