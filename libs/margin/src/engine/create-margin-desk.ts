import type { MarginFigures } from '@strikewire/broker';
import { errorMessageOf, inTime } from '@strikewire/runtime';
import type { MarginPosition } from '../core/margin-position';
import type { Reconciliation } from '../core/reconcile';
import { strategyHash } from '../core/strategy-hash';
import { AccountMargins, type AskedHow } from './account-margins';
import { LruMap } from './lru-map';
import { legsOf, type KnownFunds } from './margin-account';
import { estimateQuestion, judge } from './margin-answer';
import type { MarginAnswer, MarginEvent, MarginQuestion } from './margin-desk';
import type { MarginDeskDeps, RunningMarginDesk } from './margin-desk-deps';
import { MarginMirror } from './margin-mirror';
import { marginSettingsWith, type MarginSettings } from './margin-settings';
import type { StoredRatios } from './margin-store';
import { RatioBook } from './ratio-book';

/** Margins of all accounts. */
export function createMarginDesk(deps: MarginDeskDeps): RunningMarginDesk {
  return new Desk(deps);
}

interface Kept {
  margins: AccountMargins;
  /** Figures of before the start are there, or are not to be had. */
  restored: Promise<void>;
}

class Desk implements RunningMarginDesk {
  private readonly deps: MarginDeskDeps;
  private readonly settings: MarginSettings;
  private readonly accounts: LruMap<string, Kept>;
  private readonly book: RatioBook;
  private readonly mirror: MarginMirror | undefined;
  /** How the newest figure of a set compared, by account and hash. */
  private readonly comparisons: LruMap<string, Reconciliation>;

  constructor(deps: MarginDeskDeps) {
    const { clock, log, state, accountOf } = deps;
    this.deps = deps;
    this.settings = marginSettingsWith(deps.settings);
    this.accounts = new LruMap(this.settings.accountsMax);
    this.comparisons = new LruMap(this.settings.accountsMax);
    const labelOf = (account: string): string => accountOf(account)?.label ?? account;
    this.book = new RatioBook({ ...deps, labelOf });
    const ttlMs = this.settings.figureAgeMaxMs;
    this.mirror = state && new MarginMirror({ state, clock, log, ttlMs });
  }

  async load(accounts: readonly string[]): Promise<void> {
    await this.book.load();
    await Promise.all(accounts.map((account) => this.keptOf(account).restored));
  }

  stop(): void {
    this.book.stop();
  }

  look(question: MarginQuestion): MarginAnswer {
    const { account, held, intended } = question;
    const all = [...held, ...intended];
    const estimates = estimateQuestion(question, this.deps.estimator.now());
    const { before, after, alone, legOrder } = estimates;
    // Reading makes nothing: an account that nobody has asked about has no figures.
    const margins = this.accounts.get(account)?.margins;
    const hash = strategyHash(all);
    const broker = margins?.cache.get(hash) ?? null;
    const funds = this.fundsOf(account);
    const claimedPaise = funds ? (question.claimedSince?.(funds.atMs) ?? 0) : 0;
    const availablePaise = funds && funds.availablePaise - claimedPaise;
    return {
      before: before.estimate,
      after: after.estimate,
      alone: alone?.estimate ?? null,
      reason: after.reason ?? before.reason,
      broker,
      brokerReason: broker ? null : this.brokerReason(account, all, margins?.reasonOf(hash)),
      availablePaise,
      legOrder,
      pre: judge(question, estimates, {
        pair: margins?.cache.pair(strategyHash(held), hash) ?? null,
        availablePaise,
        bufferShare: this.settings.bufferShare,
      }),
    };
  }

  async assess(question: MarginQuestion, event: MarginEvent): Promise<MarginAnswer> {
    const { clock, log } = this.deps;
    const { account, held, intended } = question;
    const deadline = { clock, what: 'the margin', withinMs: this.settings.assessWithinMs };
    try {
      await inTime(deadline, () => this.askAll(account, [held, [...held, ...intended]]));
    } catch (thrown) {
      // What is known has to do; an answer that comes later is kept for the next time.
      log.info('margin was not asked in time', { account, event, reason: errorMessageOf(thrown) });
    }
    return this.look(question);
  }

  changed(account: string, held: readonly MarginPosition[], event: MarginEvent): void {
    void this.follow(account, held).catch((thrown: unknown) => {
      const reason = errorMessageOf(thrown);
      this.deps.log.error('margin was not asked', { account, event, reason });
    });
  }

  moved(account: string): void {
    this.accounts.get(account)?.margins.moved();
  }

  fundsOf(account: string): KnownFunds | null {
    const { accountOf, fundsOf, clock } = this.deps;
    if (!accountOf(account)?.isPaper) return this.accounts.get(account)?.margins.funds ?? null;
    const funds = fundsOf(account);
    return funds && { ...funds, atMs: clock.wallMs() };
  }

  comparisonOf(account: string, held: readonly MarginPosition[]): Reconciliation | null {
    const hash = strategyHash(held);
    const cached = this.accounts.get(account)?.margins.cache.get(hash);
    if (!cached) return null;
    const known = this.comparisons.get(`${account} ${hash}`);
    if (known) return known;
    // Read back after a restart: the estimate of then is not known any more.
    const { estimate } = this.deps.estimator.now().estimate(held);
    return estimate && this.book.compare(account, estimate, cached.figures);
  }

  reconciliations(): StoredRatios[] {
    return this.book.list();
  }

  /**
   * The held set first: what it would become is told by the difference of both, so both are asked
   * anew that are not new when no difference is known.
   */
  private async askAll(
    account: string,
    [held, after]: readonly [readonly MarginPosition[], readonly MarginPosition[]],
  ): Promise<void> {
    const { margins, restored } = this.keptOf(account);
    await restored;
    margins.hold(strategyHash(held));
    const isRenewed = margins.cache.pair(strategyHash(held), strategyHash(after)) === null;
    const how = { isFirm: true, isRenewed };
    await Promise.all([
      this.ask(account, margins, held, how),
      this.ask(account, margins, after, how),
    ]);
    await this.askFunds(account, margins, this.settings.fundsAgeMaxMs);
  }

  private async follow(account: string, held: readonly MarginPosition[]): Promise<void> {
    const { margins, restored } = this.keptOf(account);
    await restored;
    margins.hold(strategyHash(held));
    await this.ask(account, margins, held, { isFirm: false });
    await this.askFunds(account, margins);
  }

  private async ask(
    account: string,
    margins: AccountMargins,
    positions: readonly MarginPosition[],
    how: AskedHow,
  ): Promise<void> {
    const { accountOf, estimator } = this.deps;
    const moment = estimator.now();
    const legs = legsOf(accountOf(account), positions, (line) => moment.pricePaiseOf(line));
    if (typeof legs === 'string' || legs.length === 0) return;
    const hash = strategyHash(positions);
    await margins.ask({ hash, legs }, how, (figures) => {
      this.learn(account, { hash, positions }, figures);
    });
  }

  private async askFunds(
    account: string,
    margins: AccountMargins,
    ageMaxMs?: number,
  ): Promise<void> {
    if (this.deps.accountOf(account)?.margin) await margins.askFunds(ageMaxMs);
  }

  private learn(
    account: string,
    { hash, positions }: { hash: string; positions: readonly MarginPosition[] },
    figures: MarginFigures,
  ): void {
    const { estimate } = this.deps.estimator.now().estimate(positions);
    if (!estimate) {
      this.comparisons.delete(`${account} ${hash}`);
      return;
    }
    this.comparisons.set(`${account} ${hash}`, this.book.learn(account, estimate, figures));
  }

  private keptOf(account: string): Kept {
    const known = this.accounts.get(account);
    if (known) return known;
    const { clock, accountOf } = this.deps;
    const { settings, mirror } = this;
    const margins = new AccountMargins({
      clock,
      settings,
      port: () => accountOf(account)?.margin ?? null,
      changed: () => {
        if (!accountOf(account)?.isPaper) mirror?.write(account, margins);
      },
    });
    const isMirrored = mirror && !accountOf(account)?.isPaper;
    const restored = isMirrored ? mirror.read(account, margins) : Promise.resolve();
    const kept: Kept = { margins, restored };
    this.accounts.set(account, kept);
    return kept;
  }

  private brokerReason(
    account: string,
    positions: readonly MarginPosition[],
    reason: string | undefined,
  ): string {
    const legs = legsOf(this.deps.accountOf(account), positions);
    if (typeof legs === 'string') return legs;
    if (legs.length === 0) return 'nothing is held';
    return reason ?? 'the broker was not asked about this set yet';
  }
}
