import type { ListedUnderlying } from '@strikewire/broker';
import { noAccount, type DataAccount } from '@strikewire/broker/engine';
import { indiaDateOf, underlyingKey, type Exchange } from '@strikewire/contracts';
import {
  errorCodeOf,
  errorKindOf,
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Log,
  type Timer,
} from '@strikewire/runtime';
import { chainClassOf } from '../core/refresh/asked-accounts';
import { classBoundMs, stretchOf } from '../core/refresh/refresh-age';
import { stepRefresh } from '../core/refresh/refresh-scheduler';
import {
  emptyRefresh,
  isAskedFor,
  paceOf,
  type AccountPace,
  type BuildShare,
  type RefreshClass,
  type RefreshEffect,
  type RefreshEvent,
  type RefreshItem,
  type RefreshNow,
  type RefreshOutcome,
  type RefreshReason,
  type RefreshState,
} from '../core/refresh/refresh-state';
import type { ChainAnswer } from '../core/skeleton';
import { chainKey } from './live-chain';

/** Something that can be asked for: an underlying's expiry list, or one of its chains. */
export interface RefreshTarget {
  /** By whatever broker's names: each is asked under its own. */
  listed: ListedUnderlying;
  /** Null: the list of expiries. */
  expiry: string | null;
  order: number;
}

/** A broker's list of expiries, and whose it is. */
export interface ExpiryAnswer {
  /** The plugin's id. */
  broker: string;
  expiries: readonly string[];
}

/** An account that may be asked, and whether for what is not built yet; `too` when not given. */
export type AskableAccount = DataAccount & { builds?: BuildShare };

/** What the runner works with. */
export interface RefreshRunnerDeps {
  clock: Clock;
  log: Log;
  /** Accounts that may be asked, in order. */
  accounts(): readonly AskableAccount[];
  /** Whether chains of an exchange are to be fresh now. */
  isFresh(exchange: Exchange): boolean;
  /** A chain's whole answer has come. */
  answered(key: string, answer: ChainAnswer): void;
  boundsMs?: Readonly<Record<RefreshClass, number>>;
  /**
   * What an account's broker calls an underlying; as the target has it when not given. Rejects with
   * code `name_unknown` when that is not known: the broker is not asked then.
   */
  nameAt?(account: DataAccount, listed: ListedUnderlying): Promise<ListedUnderlying>;
  /** What has become of a request: whoever watches over the accounts is told. */
  reported?(account: string, outcome: RefreshOutcome, about: RequestFacts): void;
}

/** What was asked for, and why it failed. */
export interface RequestFacts {
  endpoint: 'expiries' | 'chain';
  /** The class of the broker's rules that it counts under. */
  restClass: string;
  /** The account itself is refused: no other token helps. */
  isFatal: boolean;
  reason: string;
}

/** How old a chain's REST figures are, and may become. */
export interface RestAge {
  /** Null before the first answer. */
  ageMs: number | null;
  boundMs: number;
}

/** Everything that is known to be asked for, chains and lists; more is refused. */
const targetsMax = 5_000;
/** How often the use of a day's limit is read. */
const usedEveryMs = 60_000;
const dayMs = 86_400_000;
/** Whoever asks for many ages at once needs the same factor for each. */
const stretchLookMs = 1_000;

type Answer = ChainAnswer | ExpiryAnswer;

interface Waiter {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Does what the refresh scheduler decides: every expiry list and chain that is asked of a broker
 * goes through here. Who asks for something that is asked for already gets the same answer.
 */
export class RefreshRunner {
  private readonly deps: RefreshRunnerDeps;
  private state: RefreshState;
  private readonly targets = new Map<string, RefreshTarget>();
  private readonly waiters = new Map<string, Waiter[]>();
  private accounts: readonly AskableAccount[] = [];
  /** How often each account's way to the broker has changed. */
  private readonly versions = new Map<string, { instance: unknown; version: number }>();
  private readonly idlers: (() => void)[] = [];
  /** Why each key's last request failed. */
  private lastError: unknown;
  private stretched: { atMono: number; factor: number | null } = { atMono: -Infinity, factor: 1 };
  private usedMono = -Infinity;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(deps: RefreshRunnerDeps) {
    this.deps = deps;
    this.state = emptyRefresh(deps.boundsMs);
  }

  /** Other accounts, or others' credentials: what was refused before may be asked again. */
  accountsChanged(): void {
    this.accounts = this.deps.accounts();
    if (this.accounts.length === 0) this.lastError = withoutAccount();
    this.take({ type: 'accounts', accounts: this.accounts.map((one) => this.paceOf(one)) });
  }

  /** These chains, and no others, are asked for again before they grow older than they may. */
  keepFresh(targets: readonly RefreshTarget[]): void {
    for (const target of targets) this.targets.set(keyOf(target), target);
    this.take({ type: 'items', items: targets.map((target) => itemOf(target, true)) });
    for (const key of this.targets.keys()) {
      if (!this.state.works.has(key)) this.targets.delete(key);
    }
  }

  /** A feed was lost, or a start has missed something: each chain is asked for once. */
  fill(targets: readonly RefreshTarget[]): void {
    this.want(targets, 'gap');
  }

  /** Rejects with what the broker said, or `throttled` when too much is wanted already. */
  async chain(target: RefreshTarget, reason: RefreshReason): Promise<ChainAnswer> {
    return (await this.ask(target, reason)) as ChainAnswer;
  }

  /** The same for a list of expiries. */
  async expiries(target: RefreshTarget, reason: RefreshReason): Promise<ExpiryAnswer> {
    return (await this.ask({ ...target, expiry: null }, reason)) as ExpiryAnswer;
  }

  /** How old what is served of a chain is. */
  ageOf(key: string): RestAge {
    const work = this.state.works.get(key);
    const { clock } = this.deps;
    const bound = classBoundMs(this.state, work?.class ?? 'stock');
    const boundMs = Math.round(bound * (this.stretch() ?? 1));
    const ageMs = work && Number.isFinite(work.sentMono) ? clock.monoMs() - work.sentMono : null;
    return { ageMs: ageMs === null ? null : Math.round(ageMs), boundMs };
  }

  /**
   * How much longer than wished for every chain may become, for want of requests; 1: none. Null
   * while nobody can be asked: bounds are those that are wished for, and are not kept.
   */
  stretch(): number | null {
    const now = this.deps.clock.monoMs();
    if (now - this.stretched.atMono >= stretchLookMs) {
      this.stretched = { atMono: now, factor: stretchOf(this.state, this.now()) };
    }
    return this.stretched.factor;
  }

  /** The bounds of age as they are now, load and limits considered, ms. */
  boundsMs(): Record<RefreshClass, number> {
    const of = (one: RefreshClass): number =>
      Math.round(classBoundMs(this.state, one) * (this.stretch() ?? 1));
    return { index: of('index'), commodity: of('commodity'), stock: of('stock') };
  }

  /** What waits or is asked for, by why. */
  waiting(): Record<RefreshReason, number> {
    const count = { admin: 0, build: 0, gap: 0 };
    for (const { wanted } of this.state.works.values()) if (wanted) count[wanted]++;
    return count;
  }

  /** How long so many requests take, at the pace of the accounts, ms; null without an account. */
  estimateMs(requests: number): number | null {
    const perMs = this.state.accounts.reduce((sum, one) => sum + 1 / Math.max(1, one.spacingMs), 0);
    return perMs === 0 ? null : Math.round(requests / perMs);
  }

  /** Under load the lower classes may be so many times older. */
  shed(factor: number): void {
    if (factor !== this.state.shedding) this.take({ type: 'shedding', factor });
  }

  /** Resolves when nothing is wanted but what only grows old, or may be asked for only later. */
  async idle(): Promise<void> {
    if (this.isIdle()) return;
    await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
    const stopped = failure('stopped', 'the platform is stopping');
    for (const key of [...this.waiters.keys()]) this.settle(key, (one) => one.reject(stopped));
    for (const tell of this.idlers.splice(0)) tell();
  }

  private ask(target: RefreshTarget, reason: RefreshReason): Promise<Answer> {
    if (this.isStopped) return Promise.reject(failure('stopped', 'the platform is stopping'));
    if (this.accounts.length === 0) {
      return Promise.reject(withoutAccount());
    }
    const key = keyOf(target);
    if (!this.targets.has(key) && this.targets.size >= targetsMax) {
      const message = `${targetsMax} chains and lists are asked for already`;
      return Promise.reject(failure('refresh_full', message, 'throttled'));
    }
    return new Promise((resolve, reject) => {
      this.waiters.set(key, [...(this.waiters.get(key) ?? []), { resolve, reject }]);
      this.want([target], reason);
    });
  }

  private want(targets: readonly RefreshTarget[], reason: RefreshReason): void {
    for (const target of targets) this.targets.set(keyOf(target), target);
    this.take({ type: 'want', items: targets.map((one) => itemOf(one, false)), reason });
  }

  private take(event: RefreshEvent): void {
    if (this.isStopped) return;
    for (const one of [...this.uses(), event]) this.step(one);
    if (this.isIdle()) for (const tell of this.idlers.splice(0)) tell();
  }

  private step(event: RefreshEvent): void {
    const { state, effects } = stepRefresh(this.state, event, this.now());
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: RefreshEffect): void {
    const { clock } = this.deps;
    if (effect.type === 'wake') {
      this.timer?.cancel();
      const waitMs = Math.max(1, effect.atMono - clock.monoMs());
      this.timer = clock.after(waitMs, () => this.take({ type: 'look' }));
    } else if (effect.type === 'refuse') {
      const error = this.lastError;
      for (const key of effect.keys) this.settle(key, (waiter) => waiter.reject(error));
    } else void this.send(effect);
  }

  private async send(sent: Extract<RefreshEffect, { type: 'send' }>): Promise<void> {
    const { key } = sent;
    const account = this.accounts.find(({ id }) => id === sent.account);
    const target = this.targets.get(key);
    const ended = (outcome: RefreshOutcome): void =>
      this.take({ ...sent, type: 'ended', outcome });
    // Given up between the decision and now.
    if (!account || !target) return ended('failed');
    const tell = (outcome: RefreshOutcome, reason = '', isFatal = false): void =>
      this.deps.reported?.(account.id, outcome, {
        endpoint: target.expiry === null ? 'expiries' : 'chain',
        restClass: chainClassOf(account.limits),
        reason,
        isFatal,
      });
    try {
      const answer = await this.request(account, target);
      if (this.isStopped) return;
      if ('strikes' in answer) this.deps.answered(key, answer);
      this.settle(key, (waiter) => waiter.resolve(answer));
      ended('answered');
      tell('answered');
    } catch (error) {
      this.lastError = error;
      const reason = errorMessageOf(error);
      this.deps.log.warn('not answered over REST', { key, account: account.label, reason });
      const outcome = outcomeOf(error);
      // Told only when it is booked: the account may be asked no more because of it.
      ended(outcome);
      if (!isNoFault(error)) tell(outcome, reason, errorKindOf(error) === 'fatal');
    }
  }

  private async request(account: DataAccount, target: RefreshTarget): Promise<Answer> {
    const { broker, instance: { marketData } } = account;
    const { listed, expiry } = target;
    const named = this.deps.nameAt ? await this.deps.nameAt(account, listed) : listed;
    if (expiry === null) return { broker, expiries: await marketData.expiries(named) };
    return { ...(await marketData.chain(named, expiry)), broker };
  }

  private settle(key: string, tell: (waiter: Waiter) => void): void {
    const waiters = this.waiters.get(key) ?? [];
    this.waiters.delete(key);
    for (const waiter of waiters) tell(waiter);
  }

  private isIdle(): boolean {
    const now = this.deps.clock.monoMs();
    const askable = this.state.accounts.filter(({ restUntilMono }) => restUntilMono <= now);
    for (const { wanted, inFlight, notBeforeMono } of this.state.works.values()) {
      if (wanted === null) continue;
      const isAskable = askable.some((one) => isAskedFor(one, wanted === 'build'));
      if (inFlight !== null || (isAskable && notBeforeMono <= now)) return false;
    }
    return true;
  }

  private now(): RefreshNow {
    const { clock, isFresh } = this.deps;
    const open = new Set((['NSE', 'BSE', 'MCX'] as const).filter(isFresh));
    const wallMs = clock.wallMs();
    const nextDayMs = Date.parse(`${indiaDateOf(wallMs)}T00:00:00+05:30`) + dayMs;
    return { mono: clock.monoMs(), open, dayLeftMs: Math.max(1, nextDayMs - wallMs) };
  }

  /** What is used of the days' limits: whoever else asks counts too. */
  private uses(): RefreshEvent[] {
    const now = this.deps.clock.monoMs();
    if (now - this.usedMono < usedEveryMs) return [];
    this.usedMono = now;
    return this.accounts.flatMap(({ id, budget, limits }): RefreshEvent[] => {
      const restClass = chainClassOf(limits);
      const rules = budget.use().filter(({ class: one }) => one === restClass);
      const day = rules.find(({ windowMs }) => windowMs >= dayMs);
      return day ? [{ type: 'used', account: id, dayUsed: day.used }] : [];
    });
  }

  private paceOf(account: AskableAccount): AccountPace {
    const { id, instance, limits, builds = 'too' } = account;
    const held = this.versions.get(id);
    const version = (held?.version ?? 0) + (held && held.instance !== instance ? 1 : 0);
    this.versions.set(id, { instance, version });
    const restClass = chainClassOf(limits);
    const rules = limits.rest.filter(({ class: one }) => one === restClass);
    return paceOf({ id, version, builds }, rules);
  }
}

/** What a target is called; chains have the key that they are served under. */
export function keyOf({ listed, expiry }: Pick<RefreshTarget, 'listed' | 'expiry'>): string {
  return expiry === null ? `${underlyingKey(listed)} expiries` : chainKey(listed, expiry);
}

function itemOf(target: RefreshTarget, isAged: boolean): RefreshItem {
  const { exchange, kind } = target.listed;
  return { key: keyOf(target), exchange, class: kind, order: target.order, isAged };
}

/** The broker was not asked, or has said that there is no such thing: nothing is wrong with it. */
function isNoFault(error: unknown): boolean {
  const kind = errorKindOf(error);
  return kind === 'invalid' || kind === 'not_found' || errorCodeOf(error) === 'name_unknown';
}

function outcomeOf(error: unknown): RefreshOutcome {
  const kind = errorKindOf(error);
  if (kind === 'unauthenticated' || kind === 'fatal') return 'refused';
  return kind === 'throttled' ? 'throttled' : 'failed';
}

function withoutAccount(): StrikewireError {
  return failure('no_account', noAccount, 'fatal');
}

function failure(
  code: string,
  message: string,
  kind: 'retryable' | 'throttled' | 'fatal' = 'retryable',
): StrikewireError {
  return new StrikewireError({ kind, code, message });
}
