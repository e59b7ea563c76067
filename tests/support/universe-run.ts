import { paiseOf, statusSchema, type LiveChain, type PlatformStatus } from '@strikewire/contracts';
import type { TrueChain } from '@strikewire/simulator';
import { eventually, startRealPlatform, type RealPlatform } from './real-platform';

/** How the whole universe is run. */
export interface UniverseRunOptions {
  ticksPerSecond: number;
  accounts: number;
  env?: Record<string, string>;
}

/** What one look at the running platform has found. */
export interface UniverseLook {
  memoryMb: number;
  ticksPerSecond: number;
  /** In plain words; empty when all is well. */
  doubts: string[];
}

/** More than a build of everything takes at two accounts' limits on a busy machine. */
const builtWithinMs = 600_000;
/** Chains that a sample compares. */
const sampled = 12;
/** What is not so any more after this was on its way on a busy machine. */
const passingMs = 5_000;

/** The built platform and simulator with every underlying there is, over several accounts. */
export class UniverseRun {
  readonly platform: RealPlatform;
  /** Chains that there are. */
  chains = 0;

  private constructor(platform: RealPlatform) {
    this.platform = platform;
  }

  /** Resolves when every chain is built, live, and asked for at least once. */
  static async start(options: UniverseRunOptions): Promise<UniverseRun> {
    const { ticksPerSecond, accounts, env } = options;
    const platform = await startRealPlatform({
      ticksPerSecond, stocks: 1_000, universe: 'full', ...(env && { env }),
    });
    const run = new UniverseRun(platform);
    try {
      await run.addAccounts(accounts - 1);
      await eventually(() => run.status(), isWhole, builtWithinMs);
      run.chains = (await run.status()).requests.chains;
      return run;
    } catch (error) {
      await platform.stop().catch(() => undefined);
      throw error;
    }
  }

  async status(): Promise<PlatformStatus> {
    return statusSchema.parse(await this.read('/api/optionchain/status'));
  }

  /** Ages, liveness and bounds as the platform tells them; a doubt is looked at twice. */
  async look(): Promise<UniverseLook> {
    const status = await this.status();
    const { load: { memoryMb }, feed: { ticksPerSecond } } = status;
    const first = new Set(allDoubtsOf(status).map(({ about }) => about));
    if (first.size === 0) return { memoryMb, ticksPerSecond, doubts: [] };
    await new Promise((resolve) => setTimeout(resolve, passingMs));
    const lasting = allDoubtsOf(await this.status()).filter(({ about }) => first.has(about));
    return { memoryMb, ticksPerSecond, doubts: lasting.map(({ text }) => text) };
  }

  /**
   * Where chains, drawn evenly, differ from the market, which stands still for the look, once
   * what was on its way has come in.
   */
  async differences(): Promise<string[]> {
    const { platform } = this;
    await platform.sim('pause', { paused: true });
    const find = (): Promise<string[]> => this.differencesNow();
    try {
      return await eventually(find, ({ length }) => length === 0).catch(find);
    } finally {
      await platform.sim('pause', { paused: false });
    }
  }

  private async differencesNow(): Promise<string[]> {
    const { platform } = this;
    const all = chainsOf(await this.status()).filter(({ restOnlyCount }) => restOnlyCount === 0);
    const step = Math.max(1, Math.floor(all.length / sampled));
    const found: string[] = [];
    for (const { symbol, expiry } of all.filter((_, index) => index % step === 0)) {
      const query = new URLSearchParams({ underlying: symbol, expiry }).toString();
      const ours = (await this.read(`/api/optionchain/live?${query}`)) as LiveChain;
      const truth = (await platform.sim(`truth/chain?${query}`)) as TrueChain;
      found.push(...differencesOf(ours, truth).map((line) => `${symbol} ${expiry} ${line}`));
    }
    return found;
  }

  /** Rejects when the broker has counted a breach of its limits. */
  stop(): Promise<void> {
    return this.platform.stop();
  }

  private async addAccounts(count: number): Promise<void> {
    const { platform } = this;
    const seeds = (await platform.sim('accounts')) as { clientId: string; token: string }[];
    for (const [index, { clientId, token }] of seeds.slice(1, 1 + count).entries()) {
      const credentials = { clientId, accessToken: token };
      const body = { broker: 'dhan', label: `Dhan ${index + 2}`, credentials };
      const answer = await platform.fetch('/api/accounts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`account: ${answer.status} ${await answer.text()}`);
    }
  }

  private async read(path: string): Promise<unknown> {
    const answer = await this.platform.fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

type Chain = PlatformStatus['underlyings'][number]['chains'][number] & { symbol: string };

function chainsOf({ underlyings }: PlatformStatus): Chain[] {
  return underlyings.flatMap(({ symbol, chains }) => chains.map((one) => ({ ...one, symbol })));
}

function isWhole(status: PlatformStatus): boolean {
  const { requests, feed, underlyings } = status;
  const areListed =
    underlyings.length > 200 && underlyings.every(({ chains }) => chains.length > 0);
  const areBuilt = areListed && requests.built === requests.chains;
  return areBuilt && feed.state === 'live' && chainsOf(status).every((one) => lostOf(one) === 0);
}

/** Contracts that are neither live nor named as not live. */
function lostOf({ strikeCount, liveCount, restOnlyCount }: Chain): number {
  return Math.max(0, 2 * strikeCount - liveCount - restOnlyCount);
}

/** `about`: the same as long as it lasts, whatever its figures. */
interface Doubt {
  about: string;
  text: string;
}

function allDoubtsOf(status: PlatformStatus): Doubt[] {
  const { built, chains } = status.requests;
  const unbuilt = { about: 'unbuilt', text: `${built} of ${chains} chains are built` };
  return [...chainsOf(status).flatMap(doubtsOf), ...(built < chains ? [unbuilt] : [])];
}

function doubtsOf(chain: Chain): Doubt[] {
  const { symbol, expiry, restAgeMs, restBoundMs, restOnlyCount, stale } = chain;
  const doubts: [kind: string, text: string][] = [];
  if (restAgeMs === null || restAgeMs > restBoundMs) doubts.push(['old', `${restAgeMs} ms old`]);
  if (lostOf(chain) > 0) doubts.push(['lost', `${lostOf(chain)} neither live nor named`]);
  if (stale && restOnlyCount === 0) doubts.push(['stale', 'stale']);
  const name = `${symbol} ${expiry}`;
  return doubts.map(([kind, text]) => ({ about: `${name} ${kind}`, text: `${name}: ${text}` }));
}

function differencesOf(ours: LiveChain, truth: TrueChain): string[] {
  const real = new Map(truth.strikes.map((one) => [paiseOf(one.strike), one]));
  return ours.strikes.flatMap(({ strike, CE, PE }) => {
    const there = real.get(paiseOf(strike));
    if (!there) return [`${strike} is not listed`];
    return ([['CE', CE], ['PE', PE]] as const).flatMap(([type, leg]) => {
      const { ltp, bid, ask } = there[type];
      // The market tells 0 where there is nothing, the platform null.
      const pairs = [['ltp', leg.ltp, ltp], ['bid', leg.bid, bid], ['ask', leg.ask, ask]] as const;
      return pairs
        .filter(([, told, is]) => (told ?? 0) !== is)
        .map(([name, told, is]) => `${strike} ${type} ${name} is ${is}, told ${told}`);
    });
  });
}
