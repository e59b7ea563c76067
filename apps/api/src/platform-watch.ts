import type { Accounts } from '@strikewire/broker/module';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { Notifier } from '@strikewire/platform/notifications';
import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import type { HealthProbe } from './health-probe';
import { newsOf, troublesOf, type Trouble } from './troubles';

export interface PlatformWatchDeps {
  clock: Clock;
  log: Log;
  accounts: Accounts;
  engine: OptionChainEngine;
  health: HealthProbe;
  notifier: Notifier;
  /** The close that tokens have to outlive, epoch ms; null when none is known. */
  closeMs(): number | null;
}

const lookMs = 15_000;
/** How often each account is asked what it may do and how long its token lives. */
const askMs = 10 * 60_000;

/** Looks at the platform now and then, and tells people what troubles it and what is over. */
export class PlatformWatch {
  private readonly deps: PlatformWatchDeps;
  private told: Trouble[] = [];
  /** As of the look before. */
  private before: Trouble[] = [];
  private askedMono = -Infinity;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(deps: PlatformWatchDeps) {
    this.deps = deps;
  }

  start(): void {
    void this.look();
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private async look(): Promise<void> {
    const { clock, log } = this.deps;
    try {
      await this.askAccounts();
      await this.tell();
    } catch (error) {
      log.warn('the platform could not be looked at', { reason: errorMessageOf(error) });
    }
    if (!this.isStopped) this.timer = clock.after(lookMs, () => void this.look());
  }

  private async askAccounts(): Promise<void> {
    const { clock, accounts } = this.deps;
    if (clock.monoMs() - this.askedMono < askMs) return;
    this.askedMono = clock.monoMs();
    const enabled = accounts.list().filter((account) => account.enabled);
    await Promise.all(enabled.map(({ id }) => accounts.test(id)));
  }

  /** A trouble that is gone by the next look was none. */
  private async tell(): Promise<void> {
    const { clock, accounts, engine, health, notifier } = this.deps;
    const parts = {
      accounts: accounts.list(),
      renewable: new Set(accounts.list().flatMap(({ id }) =>
        accounts.tokenOf(id).canRenew ? [id] : [])),
      closeMs: this.deps.closeMs(),
      health: await health.whole(),
      status: engine.service.status(),
    };
    const now = troublesOf(parts, clock.wallMs());
    const lasting = now.filter(({ key }) => this.before.some((one) => one.key === key));
    this.before = now;
    for (const news of newsOf(this.told, lasting)) await notifier.raise(news);
    this.told = lasting;
  }
}
