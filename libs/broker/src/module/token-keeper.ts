import { byPlatform } from '@strikewire/platform';
import {
  errorKindOf,
  errorMessageOf,
  inTime,
  StrikewireError,
  type Clock,
  type Log,
  type Timer,
} from '@strikewire/runtime';
import type { TokenGrant } from '../core/auth-port';
import type { Accounts } from './accounts';
import type { AccountConnection } from './accounts-deps';

/** What keeps tokens alive. */
export interface TokenKeeperDeps {
  clock: Clock;
  log: Log;
  accounts: Accounts;
}

const lookMs = 60_000;
/** A token is had anew this long before it ends. */
const aheadMs = 60 * 60_000;
/** After a try: at first this long, then twice as long each time, up to the most. */
const againMs = 5 * 60_000;
const againMostMs = 30 * 60_000;
/** A part of a stop is not waited for much longer, and what has come is to be stored after. */
const stopMs = 6_000;
/** What these kinds say of a request for a token: it will not be had by asking once more. */
const refusedKinds = new Set(['unauthenticated', 'forbidden', 'invalid', 'denied', 'fatal']);

/** The last try for an account's token. */
interface Tries {
  /** All that was asked with; with others it begins anew. */
  credentials: string;
  /** The token that was tried for. */
  expiresMs: number | null;
  count: number;
  lastMono: number;
  nextMono: number;
  /** Why it has brought nothing; undefined while it goes on, and when it has. */
  failed: { error: unknown; isRefused: boolean } | undefined;
}

/** Has tokens anew: ahead of their end, and when a broker has refused one. */
export class TokenKeeper {
  private readonly deps: TokenKeeperDeps;
  private readonly tries = new Map<string, Tries>();
  private readonly running = new Map<string, Promise<void>>();
  private timer: Timer | undefined;
  private isStarted = false;

  constructor(deps: TokenKeeperDeps) {
    this.deps = deps;
  }

  start(): void {
    this.isStarted = true;
    this.arm();
  }

  /**
   * Asks for nothing by itself any more. Resolves when what it has asked for has come and is in
   * use: the token of before may be dead by then. That takes six seconds at most.
   */
  async stop(): Promise<void> {
    this.isStarted = false;
    this.timer?.cancel();
    const { clock, log } = this.deps;
    const ended = Promise.allSettled(this.running.values());
    try {
      await inTime({ clock, what: 'a request for a new token', withinMs: stopMs }, () => ended);
    } catch (error) {
      log.warn('a token may be lost by the stop', { reason: errorMessageOf(error) });
    }
  }

  /** Credentials may be others: what could not be had by those of before is asked for at once. */
  accountsChanged(): void {
    if (this.isStarted) this.look();
  }

  /**
   * Asks the broker once and puts to use what it grants. Rejects with why there is none. By
   * credentials that were refused nothing is asked again: too many tries can lock an account.
   */
  renew(id: string): Promise<void> {
    const running = this.running.get(id);
    if (running) return running;
    const renewal = this.renewNow(id).finally(() => this.running.delete(id));
    this.running.set(id, renewal);
    return renewal;
  }

  private async renewNow(id: string): Promise<void> {
    const connection = this.deps.accounts.connection(id);
    const tries = this.begin(id, connection);
    if (tries.failed?.isRefused) throw tries.failed.error;
    tries.failed = undefined;
    try {
      await this.ask(id, connection);
    } catch (error) {
      tries.failed = { error, isRefused: refusedKinds.has(errorKindOf(error)) };
      // Asking again would be refused again: it takes a person, or other credentials.
      if (tries.failed.isRefused) tries.nextMono = Infinity;
      throw error;
    }
  }

  private async ask(id: string, from: AccountConnection): Promise<void> {
    const { accounts, clock, log } = this.deps;
    const { label, instance: { auth } } = from;
    if (!auth?.renew) {
      const message = `${label} has no token that could be had anew: replace it`;
      throw new StrikewireError({ kind: 'denied', code: 'token_not_renewable', message });
    }
    const keep = ({ credentials }: TokenGrant): Promise<void> =>
      accounts.grant(id, { credentials, from, action: 'account.token_renewed' }, byPlatform);
    const renew = auth.renew.bind(auth);
    // The token of before may be dead by one that comes late: it is not thrown away.
    const what = `the request for a new token of ${label}`;
    const grant = await inTime({ clock, what }, renew, (late) => {
      keep(late).catch((error: unknown) =>
        log.warn('a token came too late', { account: label, reason: errorMessageOf(error) }));
    });
    await keep(grant);
  }

  private arm(): void {
    this.timer = this.deps.clock.after(lookMs, () => {
      this.look();
      if (this.isStarted) this.arm();
    });
  }

  private look(): void {
    const { accounts, log } = this.deps;
    const enabled = accounts.list().filter((account) => account.enabled);
    const ids = new Set(enabled.map(({ id }) => id));
    for (const id of this.tries.keys()) if (!ids.has(id)) this.tries.delete(id);
    for (const { id, label } of enabled) {
      if (!accounts.tokenOf(id).canRenew || !this.isDue(id)) continue;
      this.renew(id).catch((error: unknown) => {
        const reason = errorMessageOf(error);
        log.warn('a token could not be had anew', { account: label, reason });
      });
    }
  }

  private isDue(id: string): boolean {
    const { accounts, clock } = this.deps;
    const { expiresMs } = accounts.tokenOf(id);
    const held = this.tries.get(id);
    const isOther = held !== undefined && held.credentials !== keyOf(accounts.connection(id));
    const isMended = isOther && held.failed !== undefined;
    // The same token, and what could not be had before may be had now.
    if (isMended && held.expiresMs === expiresMs) return true;
    if (expiresMs === null || expiresMs - clock.wallMs() > aheadMs) return false;
    if (!held || isMended) return true;
    const isSame = !isOther && held.expiresMs === expiresMs;
    // A token that is granted for less than an hour is not asked for without a pause either.
    return clock.monoMs() >= (isSame ? held.nextMono : held.lastMono + againMs);
  }

  private begin(id: string, connection: AccountConnection): Tries {
    const { accounts, clock } = this.deps;
    const credentials = keyOf(connection);
    const { expiresMs } = accounts.tokenOf(id);
    const held = this.tries.get(id);
    const isSame = held?.credentials === credentials && held.expiresMs === expiresMs;
    const count = isSame ? held.count : 0;
    const lastMono = clock.monoMs();
    const nextMono = lastMono + Math.min(againMostMs, againMs * 2 ** count);
    const failed = isSame ? held.failed : undefined;
    const tries = { credentials, expiresMs, count: count + 1, lastMono, nextMono, failed };
    this.tries.set(id, tries);
    return tries;
  }
}

/** Sealed as they are stored: they tell apart, and nothing else. */
function keyOf({ row }: AccountConnection): string {
  return JSON.stringify(row.credentials);
}
