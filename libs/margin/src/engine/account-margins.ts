import type { AccountFunds, MarginFigures, MarginLeg, MarginPort } from '@strikewire/broker';
import {
  errorKindOf,
  errorMessageOf,
  inTime,
  type Clock,
  type ErrorKind,
} from '@strikewire/runtime';
import { Breaker } from './breaker';
import { LruMap } from './lru-map';
import type { KnownFunds } from './margin-account';
import { MarginCache } from './margin-cache';
import type { MarginSettings } from './margin-settings';

/** A set that a broker may be asked about. */
export interface AskedSet {
  hash: string;
  legs: readonly MarginLeg[];
}

/** What an account's margins need. */
export interface AccountMarginsDeps {
  clock: Clock;
  settings: MarginSettings;
  /** As it is now: accounts are connected and parted. */
  port(): MarginPort | null;
  /** Figures or funds are others. */
  changed(): void;
}

/** How a set is asked about. */
export interface AskedHow {
  /** False: only as long as it is the held set. */
  isFirm: boolean;
  /** True: though its figure is known, unless that is new. */
  isRenewed?: boolean;
}

interface Asking {
  /** False: only as long as it is the held set. */
  isFirm: boolean;
  done: Promise<void>;
}

interface Refusal {
  reason: string;
  untilMs: number;
}

/** Ten thousand crore rupees: above it a figure is a sentinel, not a margin. */
const paiseMax = 1e13;

const noFunds: AccountFunds = { availablePaise: NaN, usedPaise: NaN };

/** These say something of the set, which a second question does not change. */
const aboutTheSet: readonly ErrorKind[] = ['invalid', 'denied', 'rejected', 'not_found'];

/**
 * Questions of one account to its broker: never two at once, none twice, none of what is known.
 */
export class AccountMargins {
  readonly cache: MarginCache;
  private readonly deps: AccountMarginsDeps;
  private readonly breaker: Breaker;
  private readonly asking = new Map<string, Asking>();
  private readonly refusals: LruMap<string, Refusal>;
  private turn: Promise<unknown> = Promise.resolve();
  private known: KnownFunds | null = null;
  private isFundsDue = true;
  private fundsAsking: { hasBegun: boolean; done: Promise<void> } | null = null;
  /** After a failure they are left alone until then. */
  private fundsFromMs = -Infinity;

  constructor(deps: AccountMarginsDeps) {
    const { clock, settings } = deps;
    this.deps = deps;
    this.cache = new MarginCache(clock, settings);
    this.breaker = new Breaker(clock, settings);
    this.refusals = new LruMap(settings.setsMax);
  }

  /** As they were told last; null: never, or too long ago. */
  get funds(): KnownFunds | null {
    const { clock, settings } = this.deps;
    const isKnown = this.known && clock.wallMs() - this.known.atMs <= settings.fundsKnownMaxMs;
    return isKnown ? this.known : null;
  }

  /** For after a restart: none that are due, because something has moved since. */
  get fundsToKeep(): KnownFunds | null {
    return this.isFundsDue ? null : this.funds;
  }

  /** Funds are others, also while they are being asked. */
  moved(): void {
    if (this.isFundsDue) return;
    this.isFundsDue = true;
    this.deps.changed();
  }

  /** True when another set is held than before: all that was known is over. */
  hold(hash: string): boolean {
    if (!this.cache.hold(hash)) return false;
    this.refusals.clear();
    this.isFundsDue = true;
    this.deps.changed();
    return true;
  }

  restore(funds: KnownFunds | null): void {
    if (this.known || !funds) return;
    this.known = funds;
    this.isFundsDue = false;
  }

  /** Why there is no figure of a set. */
  reasonOf(hash: string): string {
    if (this.asking.has(hash)) return 'the broker has not answered yet';
    const reason = this.refusals.get(hash)?.reason ?? this.breaker.closedBecause();
    return reason ?? 'the broker was not asked about this set yet';
  }

  /**
   * Asks about a set unless its figure is known, has failed just now, or is being asked: then that
   * answer counts for both. Never rejects. `told` hears of a new figure.
   */
  ask(set: AskedSet, how: AskedHow, told: (figures: MarginFigures) => void): Promise<void> {
    const { hash } = set;
    const { isFirm, isRenewed = false } = how;
    const { settings, clock } = this.deps;
    const isKnown = isRenewed ? this.cache.isNew(hash) : this.cache.get(hash) !== undefined;
    if (isKnown) return Promise.resolve();
    const refusal = this.refusals.get(hash);
    if (refusal && clock.monoMs() < refusal.untilMs) return Promise.resolve();
    const known = this.asking.get(hash);
    if (known) {
      known.isFirm ||= isFirm;
      return known.done;
    }
    if (this.asking.size >= settings.waitingMax) {
      this.refuse(hash, `${settings.waitingMax} questions wait for the broker already`, 0);
      return Promise.resolve();
    }
    const asking: Asking = { isFirm, done: Promise.resolve() };
    this.asking.set(hash, asking);
    asking.done = this.inTurn(async () => {
      if (asking.isFirm || this.cache.heldHash === hash) await this.question(set, told);
    }).finally(() => this.asking.delete(hash));
    return asking.done;
  }

  /**
   * Asks for funds when something was asked since, or they are older than that. Never rejects.
   * An event after which the same is held is none, however old they are.
   */
  askFunds(ageMaxMs = Infinity): Promise<void> {
    const { clock } = this.deps;
    const { fundsAsking: known } = this;
    // An answer under way may be of before what has made them due again.
    if (known && !(known.hasBegun && this.isFundsDue)) return known.done;
    const ageMs = this.known ? clock.wallMs() - this.known.atMs : Infinity;
    const isDue = this.isFundsDue || ageMs > ageMaxMs;
    if (!isDue || clock.monoMs() < this.fundsFromMs) return Promise.resolve();
    const asking = { hasBegun: false, done: Promise.resolve() };
    this.fundsAsking = asking;
    asking.done = this.inTurn(async () => {
      asking.hasBegun = true;
      await this.questionFunds();
    }).finally(() => {
      if (this.fundsAsking === asking) this.fundsAsking = null;
    });
    return asking.done;
  }

  private async question(set: AskedSet, told: (figures: MarginFigures) => void): Promise<void> {
    const { hash, legs } = set;
    const { generation } = this.cache;
    this.isFundsDue = true;
    const answer = await this.request('the margin', (port) => port.required(legs));
    if ('failure' in answer) {
      const { failure, isFinal } = answer;
      this.refuse(hash, failure, isFinal ? Infinity : this.deps.settings.retryAfterMs);
      return;
    }
    const figures = checked(answer.value);
    if (!figures) {
      const found = String(answer.value.requiredPaise);
      this.refuse(hash, `the broker's margin is absurd: ${found} paise`, Infinity);
      return;
    }
    this.refusals.delete(hash);
    if (!this.cache.put(hash, figures, generation)) return;
    this.deps.changed();
    told(figures);
  }

  private async questionFunds(): Promise<void> {
    const { clock, settings } = this.deps;
    // What changes while they are asked makes them due again.
    this.isFundsDue = false;
    const atMs = clock.wallMs();
    const answer = await this.request('the funds', (port) => port.funds());
    const { availablePaise, usedPaise } = 'value' in answer ? answer.value : noFunds;
    if (!Number.isFinite(availablePaise) || !Number.isFinite(usedPaise)) {
      this.isFundsDue = true;
      this.fundsFromMs = clock.monoMs() + settings.retryAfterMs;
      return;
    }
    this.known = { availablePaise, usedPaise, atMs };
    this.deps.changed();
  }

  private async request<Answer>(
    what: string,
    work: (port: MarginPort) => Promise<Answer>,
  ): Promise<{ value: Answer } | { failure: string; isFinal: boolean }> {
    const closed = this.breaker.closedBecause();
    // Nothing was asked: the next event may.
    if (closed !== null) return { failure: closed, isFinal: false };
    const port = this.deps.port();
    if (!port) return { failure: 'the account is not connected', isFinal: false };
    const { clock, settings } = this.deps;
    const withinMs = settings.requestWithinMs;
    try {
      const value = await inTime({ clock, what, withinMs }, () => work(port));
      this.breaker.succeeded();
      return { value };
    } catch (thrown) {
      const failure = errorMessageOf(thrown);
      const isFinal = aboutTheSet.includes(errorKindOf(thrown));
      if (!isFinal) this.breaker.failed(failure);
      return { failure, isFinal };
    }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private refuse(hash: string, reason: string, forMs: number): void {
    this.refusals.set(hash, { reason, untilMs: this.deps.clock.monoMs() + forMs });
  }
}

/** Null for a sentinel; a component that is one is not told. */
function checked(figures: MarginFigures): MarginFigures | null {
  const usable = (paise: number | null): number | null =>
    paise !== null && paise >= 0 && paise <= paiseMax ? paise : null;
  const requiredPaise = usable(figures.requiredPaise);
  if (requiredPaise === null) return null;
  return {
    requiredPaise,
    spanPaise: usable(figures.spanPaise),
    exposurePaise: usable(figures.exposurePaise),
    premiumPaise: usable(figures.premiumPaise),
    benefitPaise: usable(figures.benefitPaise),
  };
}
