import {
  type Account,
  type AccountChange,
  type AccountCheck,
  type AccountTrial,
  type NewAccount,
} from '@strikewire/contracts';
import { byPlatform, createTurns, type ActedBy } from '@strikewire/platform';
import { errorMessageOf, StrikewireError } from '@strikewire/runtime';
import type { AccountSetup } from '../engine/account-pool';
import { checkAccount, refusalFound } from './account-check';
import { digestOf, isEqual, type GivenCredentials } from './account-credentials';
import { AccountGrants } from './account-grants';
import { AccountShows, newlyHeld, type HeldAccount } from './account-shows';
import { invalidField } from './account-store';
import { AccountTrials } from './account-trials';
import type { AccountConnection, AccountsDeps, Granted } from './accounts-deps';
import type { AccountRow } from './entities';
import type { TokenLife } from './readiness';
import { refusalNews } from './refusal-news';
import { ServedBrokers } from './served-brokers';

/** `isForced`: also when nobody is left then who carries the data. */
interface Leaving {
  isForced?: boolean;
}

/** Accounts that there may be. */
const accountsMax = 50;

/** The accounts of all brokers: set up by people or settings, and at work in the pool. */
export class Accounts {
  private readonly deps: AccountsDeps;
  private readonly served: ServedBrokers;
  private readonly shows: AccountShows;
  private readonly trials: AccountTrials;
  private readonly grants: AccountGrants;
  private readonly held = new Map<string, HeldAccount>();
  private readonly inTurn = createTurns();

  constructor(deps: AccountsDeps) {
    this.deps = deps;
    const news = refusalNews(deps, (id) => this.held.get(id));
    this.served = new ServedBrokers(deps.brokers, deps.vault, news);
    this.shows = new AccountShows(deps, this.served);
    this.trials = new AccountTrials(deps, this.served);
    this.grants = new AccountGrants({
      ...deps,
      inTurn: this.inTurn,
      store: async (id, { by, action, before }) => {
        const held = this.held.get(id);
        if (!held) return;
        const after = { ...this.shows.facts(held.row, held.traders), credentialsReplaced: true };
        await deps.store.save(by, { action, row: held.row, before, after }, held.traders);
      },
    });
  }

  /** Reads what is stored and puts what is switched on to work. */
  async load(): Promise<void> {
    for (const { row, traders } of await this.deps.store.load()) {
      const held = newlyHeld(row, traders);
      this.held.set(row.id, held);
      if (this.served.has(row.broker)) this.putToWork(held);
    }
  }

  /**
   * An account that the settings of the process name: made when it is not there, its credentials
   * replaced when they are others. The first of them becomes primary unless people have chosen one.
   * What a plugin throws about it is logged, and the account is told as parked where there is one.
   */
  async adopt(
    broker: string,
    given: GivenCredentials,
    { isFirst = true } = {},
  ): Promise<void> {
    const named = this.named(broker, given);
    if (!named) return;
    const { known, adopted } = named;
    // What was taken over before may have been replaced since: by people, or by the broker.
    const credentials = known?.row.adopted === adopted ? {} : { credentials: given };
    const id = known
      ? (await this.inTurn(() => this.changeNow(
          known.row.id, { enabled: true, ...credentials }, byPlatform, { adopted }))).id
      : (await this.add(this.adopted(broker, given), byPlatform, adopted)).id;
    const chosen = [...this.held.values()].find(({ row }) => row.isPrimary);
    if (!isFirst || chosen?.row.origin === 'console') return;
    if (chosen?.row.id !== id) await this.makePrimary(id);
  }

  /** The entry of credentials that settings name, if there is one; undefined: its plugin fails. */
  private named(
    broker: string,
    given: GivenCredentials,
  ): { known: HeldAccount | undefined; adopted: string } | undefined {
    try {
      const clear = this.served.credentialsOf(broker).complete(given);
      const known = this.served.twinOf(this.held.values(), broker, clear);
      return { known, adopted: digestOf(clear) };
    } catch (error) {
      const reason = errorMessageOf(error);
      this.deps.log.error('an account of the settings cannot be used', { broker, reason });
      return undefined;
    }
  }

  /** Under the broker's name, or what is free beside it. */
  private adopted(broker: string, credentials: GivenCredentials): NewAccount {
    const taken = new Set([...this.held.values()].map(({ row }) => row.label));
    const { label: usual } = this.served.find(broker).plugin;
    const label = taken.has(usual) ? `${usual} of the settings` : usual;
    return { broker, label, credentials: { ...credentials }, enabled: true, traders: [] };
  }

  /** The primary one first, then by label. */
  list(): Account[] {
    return [...this.held.values()]
      .map((held) => this.shows.account(held))
      .sort((a, b) => Number(b.primary) - Number(a.primary) || (a.label < b.label ? -1 : 1));
  }

  /** Adds an account; the first one becomes primary. */
  add(wanted: NewAccount, by: ActedBy, adopted: string | null = null): Promise<Account> {
    return this.inTurn(() => this.addNow(wanted, by, adopted));
  }

  private async addNow(
    wanted: NewAccount,
    by: ActedBy,
    adopted: string | null,
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
      origin: adopted === null ? 'console' : 'environment',
      adopted,
      credentials: kind.seal(id, clear),
      createdAt: at,
      updatedAt: at,
    };
    const after = this.shows.facts(row, wanted.traders);
    const entry = { action: 'account.created', row, before: null, after };
    if (adopted === null) this.reserve(row);
    await this.deps.store.save(by, entry, wanted.traders);
    return this.settle(newlyHeld(row, wanted.traders), true);
  }

  /** Changes what is given; a credential that is left out or `***` stays as it is. */
  change(id: string, change: AccountChange, by: ActedBy, how: Leaving = {}): Promise<Account> {
    return this.inTurn(() => {
      const isLeaving = change.enabled === false && this.find(id).row.enabled;
      if (isLeaving && !how.isForced) this.deps.refuseLast(id);
      return this.changeNow(id, change, by);
    });
  }

  /**
   * Credentials that a broker has handed out replace those of before at once: these may be dead.
   * Resolves after the first try to store them; how it goes on from there, `AccountGrants` says.
   */
  async grant(id: string, { from, action, credentials }: Granted, by: ActedBy): Promise<void> {
    const held = this.find(id);
    if (held.row.credentials !== from.row.credentials) {
      const message = 'the credentials were replaced meanwhile: what was granted is of the others';
      throw new StrikewireError({ kind: 'rejected', code: 'credentials_replaced', message });
    }
    const kind = this.served.credentialsOf(held.row.broker);
    const open = this.served.clearOf(held.row);
    const clear = kind.complete({ ...credentials }, open);
    if (isEqual(clear, open)) return;
    this.refuseTwin(held.row.broker, clear, id);
    const updatedAt = new Date(this.deps.clock.wallMs());
    const row: AccountRow = { ...held.row, credentials: kind.seal(id, clear), updatedAt };
    this.reserve(row);
    const before = this.shows.facts(held.row, held.traders);
    this.settle(newlyHeld(row, held.traders), true);
    await this.grants.keep(id, { by, action, before });
  }

  /** What is in use and not stored is stored, if that is possible. */
  stop(): Promise<void> {
    return this.grants.stop();
  }

  /** An account to be asked, at work or not. */
  connection(id: string): AccountConnection {
    const { row } = this.find(id);
    const account = this.deps.pool.get(id) ?? this.deps.pool.connect(this.setupOf(row));
    return { ...account, row };
  }

  /** How long an account's token lives, as far as anybody has said. */
  tokenOf(id: string): TokenLife {
    return this.shows.tokenOf(this.find(id));
  }

  private async changeNow(
    id: string,
    change: AccountChange,
    by: ActedBy,
    { action = 'account.changed', adopted }: { action?: string; adopted?: string } = {},
  ): Promise<Account> {
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
      adopted: adopted ?? held.row.adopted,
      updatedAt: new Date(this.deps.clock.wallMs()),
    };
    const traders = change.traders ?? held.traders;
    const isChanged =
      !isSame || row.label !== held.row.label || row.enabled !== held.row.enabled ||
      row.adopted !== held.row.adopted || change.traders !== undefined;
    if (!isChanged) return this.shows.account(held);
    const entry = {
      action,
      row,
      before: this.shows.facts(held.row, held.traders),
      after: { ...this.shows.facts(row, traders), ...(!isSame && { credentialsReplaced: true }) },
    };
    if (adopted === undefined) this.reserve(row);
    await this.deps.store.save(by, entry, traders);
    const isOther = !isSame || row.enabled !== held.row.enabled || row.label !== held.row.label;
    if (!isSame) {
      this.grants.forget(id);
      return this.settle(newlyHeld(row, traders), isOther);
    }
    // What a broker has granted meanwhile is in use already, and waits to be stored after this.
    const now = this.find(id);
    const { credentials } = now.row;
    return this.settle({ ...now, row: { ...row, credentials }, traders }, isOther);
  }

  /** Makes an account the one whose data are used. */
  makePrimary(id: string, by: ActedBy = byPlatform): Promise<Account[]> {
    return this.inTurn(() => this.makePrimaryNow(id, by));
  }

  private async makePrimaryNow(id: string, by: ActedBy): Promise<Account[]> {
    const { row } = this.find(id);
    if (row.isPrimary) return this.list();
    const former = [...this.held.values()].find((one) => one.row.isPrimary);
    const before = { primary: former?.row.label ?? null };
    const entry = { action: 'account.made_primary', row, before, after: { primary: row.label } };
    await this.deps.store.setPrimary(by, entry);
    for (const one of this.held.values()) {
      one.row = { ...one.row, isPrimary: one.row.id === id };
    }
    this.deps.pool.setPrimary(id);
    this.deps.accountsChanged();
    return this.list();
  }

  /** Takes an account away, with its credentials; the primary one only when it is the last. */
  remove(id: string, by: ActedBy, how: Leaving = {}): Promise<void> {
    return this.inTurn(() => this.removeNow(id, by, how));
  }

  private async removeNow(id: string, by: ActedBy, { isForced }: Leaving): Promise<void> {
    const { row, traders } = this.find(id);
    if (row.isPrimary && this.held.size > 1) {
      throw new StrikewireError({
        kind: 'denied',
        code: 'account_primary',
        message: `${row.label} is the primary account: make another one primary first`,
      });
    }
    if (row.enabled && !isForced) this.deps.refuseLast(id);
    const before = this.shows.facts(row, traders);
    const entry = { action: 'account.deleted', row, before, after: null };
    await this.deps.store.remove(by, entry);
    this.held.delete(id);
    this.grants.forget(id);
    this.deps.pool.remove(id);
    if (row.isPrimary) this.deps.pool.setPrimary(undefined);
    if (row.enabled) this.deps.accountsChanged();
  }

  /** Asks the broker what the account may do; what it answers is kept. */
  async test(id: string): Promise<AccountCheck> {
    const held = this.find(id);
    const { check, refusal } = await checkAccount(this.connection(id), this.deps.clock);
    // Replaced meanwhile: it was about other credentials.
    if (this.held.get(id)?.row.credentials !== held.row.credentials) return check;
    const now = this.find(id);
    now.check = check;
    // One that found nobody says nothing of what was refused.
    if (refusal) now.refusal = refusalFound(check);
    else if (check.ok) now.refusal = null;
    if (refusal && now.row.enabled) this.deps.refused(id, refusal, check.message);
    if (check.ok) this.deps.foundGood(id);
    return check;
  }

  /** The same for credentials that are not saved, or not yet. */
  async try(trial: AccountTrial): Promise<AccountCheck> {
    return this.trials.try(trial, trial.id === undefined ? undefined : this.find(trial.id));
  }

  /** Brokers that accounts can be of, with the fields of their forms. */
  brokers(): ReturnType<ServedBrokers['list']> {
    return this.served.list();
  }

  /** What is held and at work follows what was stored. */
  private settle(held: HeldAccount, isOther: boolean): Account {
    const { row } = held;
    this.held.set(row.id, held);
    if (!isOther) return this.shows.account(held);
    if (this.putToWork(held)) {
      // What the account may do and how long its token lives is known before anybody asks. It fails
      // only when the account was taken away meanwhile: how a check went is no failure.
      void this.test(row.id).catch(() => undefined);
    }
    this.deps.accountsChanged();
    return this.shows.account(held);
  }

  /**
   * Its budget is there before it is stored: an account without one could not be put to work. That
   * of settings is stored all the same, as nobody is there to be told, and shown as parked.
   */
  private reserve(row: AccountRow): void {
    if (row.enabled) this.deps.pool.connect(this.setupOf(row));
  }

  /**
   * Whether it is at work then, if it is switched on. A plugin that cannot make an account keeps
   * nobody from the others, nor from mending it; by credentials of before it is not used any more.
   */
  private putToWork(held: HeldAccount): boolean {
    const { id, label, enabled, isPrimary } = held.row;
    const setup = this.setupOf(held.row);
    if (isPrimary) this.deps.pool.setPrimary(id);
    if (!enabled) this.deps.pool.remove(id);
    if (!enabled) return false;
    try {
      this.deps.pool.put(setup);
      return true;
    } catch (error) {
      const why = errorMessageOf(error);
      held.refusal = { why, by: 'create' };
      this.deps.pool.remove(id);
      this.deps.log.error('an account cannot be used', { account: label, reason: why });
      return false;
    }
  }

  private setupOf(row: AccountRow): AccountSetup {
    const { id, label, broker } = row;
    const { plugin, endpoints } = this.served.find(broker);
    return { id, label, plugin, endpoints, credentials: this.served.clearOf(row) };
  }

  /** Two entries of one account would each believe to have its whole budget. */
  private refuseTwin(broker: string, clear: GivenCredentials, exceptId?: string): void {
    const others = [...this.held.values()].filter(({ row }) => row.id !== exceptId);
    const twin = this.served.twinOf(others, broker, clear);
    if (!twin) return;
    throw invalidField('credentials', `are of the account that ${twin.row.label} is for already`);
  }

  private find(id: string): HeldAccount {
    const held = this.held.get(id);
    if (held) return held;
    const message = 'there is no such account';
    throw new StrikewireError({ kind: 'not_found', code: 'account_unknown', message });
  }
}
