import { exchanges, type ContractKey } from '@strikewire/contracts';
import { errorMessageOf, type Timer } from '@strikewire/runtime';
import { stepSupervisor } from '../core/supervisor/supervisor';
import { restAccounts } from '../core/supervisor/supervisor-roles';
import {
  emptySupervisor,
  type RestOutcome,
  type SupervisedAccount,
  type SupervisorEffect,
  type SupervisorEvent,
  type SupervisorState,
  type SwitchRecord,
} from '../core/supervisor/supervisor-state';
import { AccountHealth, TickRates } from './account-health';
import { accountView, type AccountView } from './account-view';
import { ContractAtlas } from './contract-atlas';
import type { DataAccount } from './data-account';
import type { PooledAccount } from './feed-dealing';
import { FeedPool, type FeedPoolOptions } from './feed-pool';
import { SwitchWatch, type FailoverEvent } from './switch-watch';

/** What a person has decided about the accounts, beside their order. */
export interface FailoverWishes {
  /** The account that is to come first, by id. */
  forced: string | null;
  /** Accounts that are to carry nothing. */
  drained: ReadonlySet<string>;
}

/** What the supervision of the accounts is made of. */
export interface SupervisionDeps extends Omit<
  FeedPoolOptions,
  'onRefused' | 'onState' | 'onRedealt' | 'onReplaced'
> {
  /** All accounts that are in use, in the order of failover; the first one's broker is at home. */
  accounts(): readonly DataAccount[];
  wishes?(): FailoverWishes;
  /** These sockets carry what another one, or none, carried before: what passed is missing. */
  onRedealt(sockets: readonly number[]): void;
  /** Others may be asked over REST. */
  onRestChanged(): void;
  /** Gets an account's token anew and keeps it: the accounts change by that. */
  renew?(account: string): Promise<void>;
  onEvent?(event: FailoverEvent): void;
  onDegraded?(isDegraded: boolean): void;
  onParked?(account: string, reason: string): void;
}

/** How often other brokers are asked for names that are missing. */
const prepareMs = 60_000;
const noWishes: FailoverWishes = { forced: null, drained: new Set() };

/**
 * Keeps the data flowing whatever fails: tells the supervisor what happens to accounts, sockets and
 * requests, and does what it decides.
 */
export class Supervision {
  readonly feed: FeedPool;
  private readonly deps: SupervisionDeps;
  private readonly atlas: ContractAtlas;
  private readonly switches: SwitchWatch;
  private state: SupervisorState = emptySupervisor;
  private accounts: readonly DataAccount[] = [];
  private readonly versions = new Map<string, { instance: unknown; version: number }>();
  private readonly health = new Map<string, AccountHealth>();
  private readonly rates: TickRates;
  private keys: readonly ContractKey[] = [];
  private timer: Timer | undefined;
  private preparing: Timer | undefined;
  /** Events that came while another one is worked on. */
  private readonly events: SupervisorEvent[] = [];
  private isTaking = false;
  /** Whether the roles were given out since the accounts were told. */
  private isGiven = false;
  /** Who is to come first, and whether it has been given that place since. */
  private wished: { first: string | undefined; isGiven: boolean } = {
    first: undefined, isGiven: true,
  };
  private isStopped = false;

  constructor(deps: SupervisionDeps) {
    this.deps = deps;
    this.atlas = new ContractAtlas(deps);
    this.feed = new FeedPool({
      ...deps,
      onRefused: (account, refusal) => {
        if (refusal) this.take({ type: 'refused', account, ...refusal });
        else this.take({ type: 'admitted', account });
      },
      onState: (account, state) => {
        this.healthOf(account).changed(state);
        this.take({ type: 'feed', account, ...state });
      },
      onReplaced: (account, reason, faultMono) => this.replaced(account, reason, faultMono),
    });
    this.rates = new TickRates(deps.clock, () => this.feed.appliedByAccount());
    this.armPreparing();
    this.switches = new SwitchWatch({
      clock: deps.clock,
      settled: (event) => this.settled(event),
    });
  }

  /** How the accounts stand, and who carries. */
  get standing(): SupervisorState {
    return this.state;
  }

  /** The accounts of the broker at home: contracts are named as it names them. */
  homeAccounts(): readonly DataAccount[] {
    const home = this.accounts[0]?.broker;
    return this.accounts.filter(({ broker }) => broker === home);
  }

  /** Accounts, credentials, their order or what people wish has changed. */
  accountsChanged(): void {
    this.accounts = this.deps.accounts();
    for (const id of this.health.keys()) {
      if (!this.accounts.some((one) => one.id === id)) this.health.delete(id);
    }
    const known = this.accounts.map((one) => this.supervised(one));
    const wishes = this.deps.wishes?.() ?? noWishes;
    const first = wishes.forced ?? this.accounts[0]?.id;
    if (first !== this.wished.first) {
      this.wished = { first, isGiven: this.wished.first === undefined };
    }
    this.isGiven = false;
    this.take({ type: 'accounts', accounts: known, ...wishes });
    // The same roles, though perhaps under other names or by other credentials.
    if (!this.isGiven) this.giveRoles();
    this.deps.onRestChanged();
    this.prepare();
  }

  /** Contracts that may have to move to another broker: it is asked for its names beforehand. */
  setContracts(keys: readonly ContractKey[]): void {
    this.keys = keys;
    this.prepare();
  }

  /** Who may be asked for a class of requests, in order. */
  restAccounts(restClass: string): readonly DataAccount[] {
    const ids = restAccounts(this.state, restClass, this.deps.clock.monoMs());
    return ids.flatMap((id) => this.accounts.filter((one) => one.id === id));
  }

  /** The broker has refused an account's request for good. */
  refused(account: string, kind: 'auth' | 'suspended' | 'parked', reason: string): void {
    this.take({ type: 'refused', account, kind, reason, isRest: true });
  }

  /** A person has tried an account, and its broker has nothing against it any more. */
  foundGood(account: string): void {
    this.feed.refuse(account, null);
  }

  /** What has become of a request. */
  reported(
    account: string,
    request: { class: string; endpoint: string },
    outcome: RestOutcome,
  ): void {
    this.take({ type: 'rest', account, ...request, outcome });
  }

  /** An account's broker has had so long for an answer, ms; waits of ours are none of that. */
  answeredIn(account: string, brokerMs: number): void {
    if (this.accounts.some(({ id }) => id === account)) this.healthOf(account).answered(brokerMs);
  }

  /** Every account, in the order of failover. */
  view(): AccountView[] {
    const isMarketOpen = exchanges.some((exchange) => this.deps.isMarketOpen(exchange));
    const parts = { state: this.state, feed: this.feed, isMarketOpen, rates: this.rates.read() };
    return this.accounts.flatMap(
      (one) => accountView(one, this.healthOf(one.id).read(), parts) ?? [],
    );
  }

  /** How another broker names contracts and underlyings. */
  get names(): Pick<ContractAtlas, 'tokenOf' | 'listedAt'> {
    return this.atlas;
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
    this.preparing?.cancel();
    this.switches.stop();
    this.feed.stop();
  }

  private healthOf(account: string): AccountHealth {
    const held = this.health.get(account);
    if (held) return held;
    const health = new AccountHealth(this.deps.clock);
    this.health.set(account, health);
    return health;
  }

  private take(event: SupervisorEvent): void {
    if (this.isStopped) return;
    this.events.push(event);
    // What is done about one event brings others: each has its turn.
    if (this.isTaking) return;
    this.isTaking = true;
    try {
      for (let next = this.events.shift(); next; next = this.events.shift()) this.step(next);
    } finally {
      this.isTaking = false;
    }
  }

  private step(event: SupervisorEvent): void {
    const { state, effects } = stepSupervisor(this.state, event, this.deps.clock.monoMs());
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SupervisorEffect): void {
    const { clock, onRestChanged, onDegraded, onParked } = this.deps;
    switch (effect.type) {
      case 'roles':
        return this.giveRoles();
      case 'rest':
        return onRestChanged();
      case 'switched':
        return this.switched(effect.record);
      case 'renew':
        this.rest(effect.account);
        return this.renew(effect.account);
      case 'parked':
        this.rest(effect.account);
        return onParked?.(this.labelOf(effect.account), effect.reason);
      case 'degraded':
        return onDegraded?.(effect.isDegraded);
      case 'wake':
        this.timer?.cancel();
        this.timer = clock.after(Math.max(1, effect.atMono - clock.monoMs()), () =>
          this.take({ type: 'look' }));
    }
  }

  /** The sockets of an account that was refused elsewhere rest as well. */
  private rest(id: string): void {
    const held = this.state.accounts.find((one) => one.id === id);
    if (!held || held.standing === 'fit') return;
    this.feed.refuse(id, { kind: 'auth', reason: held.reason ?? 'refused' });
  }

  private giveRoles(): void {
    this.isGiven = true;
    const pooled = (ids: readonly string[]): PooledAccount[] =>
      ids.flatMap((id) => this.accounts.filter((one) => one.id === id)).map((one) =>
        this.pooled(one));
    const { accounts, carriers, reserve, drained } = this.state;
    const resting = accounts.filter(
      ({ id, standing }) => (standing === 'parked' || standing === 'renewing') && !drained.has(id),
    );
    const isWished = !this.wished.isGiven && carriers[0] === this.wished.first;
    this.wished.isGiven ||= isWished;
    const moved = this.feed.setAccounts(
      pooled(carriers), pooled(reserve), pooled(resting.map(({ id }) => id)), isWished,
    );
    this.deps.onRedealt(moved);
  }

  private pooled(account: DataAccount): PooledAccount {
    const { broker, limits } = account;
    const isAtHome = broker === this.accounts[0]?.broker;
    return {
      ...account,
      limits: limits.feed,
      ...(!isAtHome && { tokenOf: (key: ContractKey) => this.atlas.tokenOf(broker, key) }),
    };
  }

  private prepare(): void {
    const home = this.accounts[0]?.broker;
    if (this.keys.length === 0) return;
    const asked = new Set(home === undefined ? [] : [home]);
    for (const { id, broker, instance } of this.accounts) {
      const standing = this.state.accounts.find((one) => one.id === id)?.standing;
      if (asked.has(broker) || standing === 'parked' || standing === 'suspended') continue;
      asked.add(broker);
      this.atlas
        .prepare({ broker, marketData: instance.marketData }, this.keys)
        .then((isMore) => {
          if (isMore && !this.isStopped) this.feed.dealAnew();
        })
        .catch((error: unknown) => {
          this.deps.log.error('contracts of another broker', { reason: errorMessageOf(error) });
        });
    }
  }

  /** What could not be read, or was not there yet, is asked for again. */
  private armPreparing(): void {
    this.preparing = this.deps.clock.after(prepareMs, () => {
      this.prepare();
      this.armPreparing();
    });
  }

  private renew(account: string): void {
    const { renew } = this.deps;
    const done = (isGranted: boolean, reason: string): void =>
      this.take({ type: 'renewed', account, isGranted, reason });
    if (!renew) return done(false, 'its token cannot be had anew');
    renew(account).then(
      () => done(true, ''),
      (error: unknown) => done(false, errorMessageOf(error)),
    );
  }

  private switched(record: SwitchRecord): void {
    const { log, clock } = this.deps;
    const { cause, reason, account, faultMono } = record;
    if (record.from.length === 0) return;
    // Who joins and has nothing to carry has taken nothing over.
    const loads = new Map(this.feed.loads().map(({ id, planned }) => [id, planned]));
    const loaded = record.to.filter((id) => (loads.get(id) ?? 0) > 0);
    const carriers = loaded.length > 0 ? loaded : record.to;
    const isAtHome = carriers.every((id) => this.homeAccounts().some((one) => one.id === id));
    const level = record.level === 3 && cause !== 'broker_down' && isAtHome ? 2 : record.level;
    const [from, to] = [record.from, carriers].map((ids) => ids.map((id) => this.labelOf(id)));
    const whose = account && this.labelOf(account);
    log.warn('failover', { level, cause, reason, account: whose, from, to });
    // Whoever is lost carries on, as nobody else can: that is told as being degraded.
    if (level >= 2 && from?.join() === to?.join()) return;
    const event = { ...this.eventNow(), level, cause, reason, from: from ?? [], to: to ?? [] };
    this.switches.begin(event, Math.min(faultMono, clock.monoMs()), this.feed.watchMoved());
  }

  private replaced(account: string, reason: string, faultMono: number): void {
    const label = this.labelOf(account);
    const event: FailoverEvent = {
      ...this.eventNow(), level: 1, cause: 'socket_lost', reason, from: [label], to: [label],
    };
    this.switches.begin(event, faultMono, this.feed.watchMoved());
  }

  private eventNow(): Pick<FailoverEvent, 'atMs' | 'durationMs' | 'contracts' | 'withoutFeed'> {
    return { atMs: this.deps.clock.wallMs(), durationMs: null, contracts: 0, withoutFeed: 0 };
  }

  private settled(event: FailoverEvent): void {
    const { contracts, withoutFeed } = this.feed.coverage();
    this.deps.onEvent?.({ ...event, contracts, withoutFeed });
  }

  private labelOf(id: string): string {
    return this.accounts.find((one) => one.id === id)?.label ?? id;
  }

  private supervised({ id, broker, instance }: DataAccount): SupervisedAccount {
    const held = this.versions.get(id);
    const version = (held?.version ?? 0) + (held && held.instance !== instance ? 1 : 0);
    this.versions.set(id, { instance, version });
    return { id, broker, version, canRenew: instance.auth?.renew !== undefined };
  }
}
