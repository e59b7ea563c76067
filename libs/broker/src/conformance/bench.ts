import { underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import type { FeedItem } from '../core/feed-protocol';
import type { BrokerChain, BrokerLeg, ListedUnderlying } from '../core/market-data-port';
import type { OrderFeed } from '../core/order-feed';
import type { AnyBrokerPlugin, BrokerDeps, BrokerInstance } from '../core/plugin';
import { claim, claimKind } from './claims';
import { Evidence } from './evidence';
import { FeedWatch } from './feed-watch';
import type { ConformanceHarness, TrueLeg, TrueListing } from './harness';
import { OrderFeedWatch } from './order-feed-watch';
import type { ErrorKind } from '@strikewire/runtime';

/** Nothing that is asked may take longer, waiting for its turn included. */
const answerMsMax = 600_000;
const fineStepMs = 5;
const coarseStepMs = 100;
/** What is under way when a case ends is over after this. */
const restMs = 500;

/** A leg of a chain with what it really is. */
export interface PairedLeg {
  underlying: TrueListing;
  expiry: string;
  strikePaise: number;
  type: 'CE' | 'PE';
  leg: BrokerLeg;
  truth: TrueLeg;
}

/** A plugin before its harness, while cases are run one after another. */
export class ConformanceBench {
  readonly plugin: AnyBrokerPlugin;
  readonly harness: ConformanceHarness;
  readonly evidence: Evidence;
  readonly deps: BrokerDeps;
  private credentials: Readonly<Record<string, string>>;
  private shared: BrokerInstance | undefined;
  private list: Promise<ListedUnderlying[]> | undefined;
  private readonly watches: (FeedWatch | OrderFeedWatch)[] = [];
  private readonly kept = new Map<string, unknown>();

  constructor(plugin: AnyBrokerPlugin, harness: ConformanceHarness) {
    this.plugin = plugin;
    this.harness = harness;
    this.evidence = new Evidence(plugin);
    this.evidence.addSecretsOf(harness.credentials);
    this.evidence.addSecretsOf(harness.wrongCredentials);
    this.deps = this.evidence.watch(harness.deps);
    this.credentials = harness.credentials;
  }

  /** The account that most cases are about. */
  get instance(): BrokerInstance {
    return (this.shared ??= this.create());
  }

  get currentCredentials(): Readonly<Record<string, string>> {
    return this.credentials;
  }

  /** The same account, made anew: with nothing kept of what was asked before. */
  create(credentials = this.credentials, deps = this.deps): BrokerInstance {
    const parsed = this.plugin.credentials.parse(credentials);
    const config = { credentials: parsed, endpoints: this.harness.endpoints };
    return this.plugin.create(config as never, deps);
  }

  /** From now on the account is signed in with these. */
  replaceCredentials(granted: Readonly<Record<string, string>>): void {
    this.credentials = { ...this.credentials, ...granted };
    this.evidence.addSecretsOf(this.credentials);
    this.shared = undefined;
  }

  /** Lets time pass until it is settled; what it rejects with is kept as evidence. */
  async ask<T>(work: () => T | Promise<T>): Promise<T> {
    const { clock } = this.deps;
    const startMs = clock.monoMs();
    let isSettled = false;
    const done = Promise.resolve().then(work).finally(() => (isSettled = true));
    done.catch((error: unknown) => this.evidence.noteError(error));
    while (!isSettled) {
      const waitedMs = clock.monoMs() - startMs;
      claim(waitedMs < answerMsMax, `nothing was answered within ${answerMsMax / 1_000} s`);
      await this.harness.advance(waitedMs < 1_000 ? fineStepMs : coarseStepMs);
    }
    return done;
  }

  /** It has to reject, as one of these kinds. */
  async refused(what: string, work: () => unknown, kinds: readonly ErrorKind[]): Promise<void> {
    const outcome = await this.ask<unknown>(work).then(
      () => ({ error: undefined, isRefused: false }),
      (error: unknown) => ({ error, isRefused: true }),
    );
    claim(outcome.isRefused, `${what} was answered, needs to fail as ${kinds.join(' or ')}`);
    claimKind(what, outcome.error, kinds);
  }

  /** What the plugin lists, asked once. */
  listed(): Promise<ListedUnderlying[]> {
    return (this.list ??= this.ask(() => this.instance.marketData.underlyings()));
  }

  async named({ exchange, symbol }: UnderlyingRef): Promise<ListedUnderlying> {
    const found = (await this.listed()).find((one) =>
      one.exchange === exchange && one.symbol === symbol);
    claim(found !== undefined, `${exchange}:${symbol} is not among the underlyings`);
    return found;
  }

  /** Of the exchanges that the feed carries. */
  listings(): readonly TrueListing[] {
    const { exchanges } = this.plugin.capabilities;
    return this.harness.truth().underlyings().filter(({ exchange, expiries }) =>
      exchanges.includes(exchange) && expiries.length > 0);
  }

  /** Of the exchanges whose chains are answered. */
  chained(): readonly TrueListing[] {
    const { exchanges, chainExchanges = exchanges } = this.plugin.capabilities;
    return this.listings().filter(({ exchange }) => chainExchanges.includes(exchange));
  }

  /** An index where there is one. */
  main(): TrueListing {
    const all = this.chained();
    const found = all.find(({ kind }) => kind === 'index') ?? all[0];
    claim(found !== undefined, 'the harness has no underlying whose chains are answered');
    return found;
  }

  async chain(listing: TrueListing, expiry = listing.expiries[0] ?? ''): Promise<BrokerChain> {
    const underlying = await this.named(listing);
    return this.ask(() => this.instance.marketData.chain(underlying, expiry));
  }

  /** A chain's legs, each with what it really is; the market rests meanwhile. */
  async pairs(listing: TrueListing, expiry = listing.expiries[0] ?? ''): Promise<PairedLeg[]> {
    await this.harness.pause(true);
    return this.pair(listing, expiry, await this.chain(listing, expiry));
  }

  /** Those of the main underlying's nearest expiry, asked once. */
  mainPairs(): Promise<PairedLeg[]> {
    return this.once('main pairs', () => this.pairs(this.main()));
  }

  pair(underlying: TrueListing, expiry: string, { strikes }: BrokerChain): PairedLeg[] {
    const real = this.harness.truth().chain(underlying, expiry);
    claim(real !== undefined, `${underlyingKey(underlying)} ${expiry} is not in the truth`);
    const byStrike = new Map(real.map((strike) => [strike.strikePaise, strike]));
    return strikes.flatMap(({ strikePaise, CE, PE }) =>
      ([['CE', CE], ['PE', PE]] as const).flatMap(([type, leg]) => {
        const truth = byStrike.get(strikePaise)?.[type];
        claim(truth !== undefined, `the strike ${strikePaise} of ${expiry} is not listed`);
        return leg ? [{ underlying, expiry, strikePaise, type, leg, truth }] : [];
      }));
  }

  /** What several cases look at is made once. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const found = this.kept.get(name) as Promise<T> | undefined;
    const made = found ?? make();
    this.kept.set(name, made);
    return made;
  }

  /** A connection, some time after it was asked for. */
  async openFeed(
    items: readonly FeedItem[],
    { atReady = items, instance = this.instance } = {},
  ): Promise<FeedWatch> {
    const address = await this.ask(() => instance.feed.address());
    const watch = new FeedWatch({ feed: instance.feed, clock: this.deps.clock }, items, atReady);
    this.watches.push(watch);
    watch.connect(this.harness.openSocket, address);
    await this.harness.advance(restMs);
    return watch;
  }

  /** A connection of the feed of orders, some time after it was asked for. */
  async openOrderFeed(feed: OrderFeed): Promise<OrderFeedWatch> {
    const address = await this.ask(() => feed.address());
    const watch = new OrderFeedWatch(feed);
    this.watches.push(watch);
    watch.connect(this.harness.openSocket, address);
    await this.harness.advance(restMs);
    return watch;
  }

  /** Ends what a case has left behind. */
  async tidy(): Promise<void> {
    for (const watch of this.watches.splice(0)) {
      watch.close();
      if (watch.reason !== undefined) this.evidence.noteText(`feed: ${watch.reason}`);
    }
    await this.harness.clear();
    await this.harness.pause(true);
    await this.harness.advance(restMs);
  }
}
