import {
  indiaIsoOf,
  type Failover,
  type FailoverAccount,
  type FailoverHistory,
  type Readiness,
} from '@strikewire/contracts';
import { createTurns, type ActedBy } from '@strikewire/platform';
import { StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import type { AccountView } from '../engine/account-view';
import type { AccountOrder } from '../engine/data-account';
import type { DepthStatus } from '../engine/depth-desk';
import type { FailoverWishes, Supervision } from '../engine/supervision';
import type { Accounts } from './accounts';
import type { FailoverSettingsRow } from './failover-entities';
import type { FailoverRecord } from './failover-record';
import type { FailoverChange, FailoverSettings, FailoverStore } from './failover-store';
import { readinessOf, type ReadinessFacts } from './readiness';

/** What watches over the accounts, as far as it is asked here. */
export type WatchedAccounts = Pick<Supervision, 'view' | 'standing'>;

/** What the desk is made of. */
export interface FailoverDeskDeps {
  clock: Pick<Clock, 'wallMs' | 'monoMs' | 'after'>;
  store: FailoverStore;
  record: FailoverRecord;
  accounts: Pick<Accounts, 'list' | 'tokenOf'>;
  /** Undefined until there is one. */
  watched(): WatchedAccounts | undefined;
  /** The sockets of full books that there are. */
  depth(): readonly DepthStatus[];
  /** What people wish is another: whoever carries may be another. */
  wished(): void;
  /** Scores are others: the order may be. */
  judged(): void;
  /** Undefined until the platform has started. */
  readiness(): ReadinessFacts | undefined;
}

const noWishes: FailoverSettingsRow = { id: 1, order: [], forced: null, drained: [], revision: 0 };
/** How often the order follows how well the accounts do. */
const orderMs = 60_000;
const wholeScore = 100;

/** What people wish of the accounts, and how they stand. */
export class FailoverDesk {
  private readonly deps: FailoverDeskDeps;
  private readonly inTurn = createTurns();
  private saved: FailoverSettingsRow = noWishes;
  private scores: ReadonlyMap<string, number> = new Map();
  private timer: Timer | undefined;

  constructor(deps: FailoverDeskDeps) {
    this.deps = deps;
  }

  async load(): Promise<void> {
    this.saved = (await this.deps.store.load()) ?? noWishes;
  }

  /** From now on the order follows the scores. */
  start(): void {
    this.timer = this.deps.clock.after(orderMs, () => {
      this.follow();
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** For whoever supervises the accounts. */
  wishes(): FailoverWishes {
    return { forced: this.saved.forced, drained: new Set(this.saved.drained) };
  }

  /** What decides about the order. */
  order(): AccountOrder {
    return { order: this.saved.order, scores: this.scores };
  }

  read(): Failover {
    const { clock, accounts, watched } = this.deps;
    const { order, forced } = this.saved;
    const supervision = watched();
    const views = supervision?.view() ?? [];
    const primary = accounts.list().find((one) => one.primary)?.id;
    const times = { wallMs: clock.wallMs(), monoMs: clock.monoMs() };
    return {
      degraded: supervision?.standing.isDegraded ?? false,
      level: supervision ? levelOf(supervision, forced) : 0,
      forced,
      isOrdered: order.length > 0,
      accounts: views.map((view) => ({
        ...shown(view, view.id === primary, times),
        depth: depthOf(this.deps.depth(), view.id),
      })),
    };
  }

  /** An empty list goes back to the order by itself. */
  reorder(ids: readonly string[], by: ActedBy): Promise<Failover> {
    return this.change(by, 'failover.ordered', (saved) => {
      ids.forEach((id, index) => {
        const field = `accounts.${index}`;
        this.labelOf(id, field);
        if (ids.indexOf(id) !== index) throw invalid(field, 'needs each account once');
      });
      return { ...saved, order: [...ids] };
    });
  }

  /** Null: as ordered again. */
  force(id: string | null, by: ActedBy): Promise<Failover> {
    return this.change(by, 'failover.forced', (saved) => {
      if (id === null) return { ...saved, forced: null };
      const label = this.labelOf(id, 'account');
      if (saved.drained.includes(id)) {
        throw invalid('account', `needs one in service: ${label} was taken out`);
      }
      if (!this.inService(saved).includes(id)) {
        throw invalid('account', `needs one that is switched on: ${label} is off`);
      }
      return { ...saved, forced: id };
    });
  }

  /** Takes an account out of service, or puts it back; the last one stays. */
  drain(id: string, isDrained: boolean, by: ActedBy): Promise<Failover> {
    return this.change(by, isDrained ? 'failover.drained' : 'failover.put_back', (saved) => {
      const label = this.labelOf(id, 'account');
      const others = saved.drained.filter((one) => one !== id);
      if (!isDrained) return { ...saved, drained: others };
      this.refuseAlone(saved, id, label);
      const forced = saved.forced === id ? null : saved.forced;
      return { ...saved, forced, drained: [...others, id] };
    });
  }

  /** Throws (`denied`) when nobody would carry the data without this account, by its id. */
  refuseLast(id: string): void {
    const account = this.deps.accounts.list().find((one) => one.id === id);
    if (!account?.enabled) return;
    if (!this.saved.drained.includes(id)) this.refuseAlone(this.saved, id, account.label);
  }

  history(limit: number): Promise<FailoverHistory> {
    return this.deps.record.list(limit);
  }

  readiness(): Readiness {
    const { accounts, clock } = this.deps;
    const held = accounts.list();
    const listed = held.map((account) => ({ account, token: accounts.tokenOf(account.id) }));
    return readinessOf(listed, this.deps.readiness(), clock.wallMs());
  }

  private change(
    by: ActedBy,
    action: string,
    make: (saved: FailoverSettings) => FailoverSettings,
  ): Promise<Failover> {
    return this.inTurn(async () => {
      const { id, revision, ...saved } = this.saved;
      const wanted = this.known(make(saved));
      const [before, after] = [this.factsOf(saved), this.factsOf(wanted)];
      if (JSON.stringify(saved) === JSON.stringify(wanted)) return this.read();
      const row = { ...wanted, id, revision: revision + 1 };
      await this.deps.store.save(by, row, { action, before, after });
      this.saved = row;
      this.deps.wished();
      return this.read();
    });
  }

  /** Accounts that are gone are wished nothing of. */
  private known({ order, forced, drained }: FailoverSettings): FailoverSettings {
    const ids = new Set(this.deps.accounts.list().map(({ id }) => id));
    const isKnown = (id: string): boolean => ids.has(id);
    return {
      order: order.filter(isKnown),
      forced: forced !== null && isKnown(forced) ? forced : null,
      drained: drained.filter(isKnown),
    };
  }

  private factsOf({ order, forced, drained }: FailoverSettings): FailoverChange['before'] {
    const labels = new Map(this.deps.accounts.list().map(({ id, label }) => [id, label]));
    const named = (id: string): string => labels.get(id) ?? id;
    return {
      order: order.map(named),
      forced: forced === null ? null : named(forced),
      drained: drained.map(named),
    };
  }

  /** Switched on, and not taken out. */
  private inService({ drained }: FailoverSettings): string[] {
    const enabled = this.deps.accounts.list().filter((account) => account.enabled);
    return enabled.map(({ id }) => id).filter((id) => !drained.includes(id));
  }

  private refuseAlone(saved: FailoverSettings, id: string, label: string): void {
    if (this.inService(saved).some((one) => one !== id)) return;
    const message = `${label} is the last account in service: put another one back first`;
    throw new StrikewireError({ kind: 'denied', code: 'failover_last', message });
  }

  private labelOf(id: string, field: string): string {
    const found = this.deps.accounts.list().find((account) => account.id === id);
    if (found) return found.label;
    throw invalid(field, 'needs the id of an account, and there is none of this id');
  }

  /** Whoever carries keeps the place: only those beside them are put in another order. */
  private follow(): void {
    const supervision = this.deps.watched();
    if (!supervision) return;
    const { carriers } = supervision.standing;
    const views = supervision.view();
    this.scores = new Map(views.map(({ id, score }) =>
      [id, carriers.includes(id) ? wholeScore : score]));
    this.deps.judged();
  }
}

/** 3: another broker carries than is wished, 2: another account. */
function levelOf({ standing }: WatchedAccounts, forced: string | null): Failover['level'] {
  const { accounts, carriers, drained } = standing;
  const inService = accounts.filter(({ id }) => !drained.has(id));
  const wished = inService.find(({ id }) => id === forced) ?? inService[0];
  if (!wished) return 0;
  const isAbroad = accounts.some(
    ({ id, broker }) => carriers.includes(id) && broker !== wished.broker,
  );
  if (isAbroad) return 3;
  return carriers.includes(wished.id) ? 0 : 2;
}

function shown(
  view: AccountView,
  primary: boolean,
  now: { wallMs: number; monoMs: number },
): Omit<FailoverAccount, 'depth'> {
  const { id, label, broker, role, standing, reason, score, sockets, contracts, capacity } = view;
  const { ticksPerSecond, tickAgeMs, uptime, losses, failures, restMs, budgetUse } = view;
  const untilOf = (mono: number): string => indiaIsoOf(now.wallMs + Math.round(mono - now.monoMs));
  return {
    id, label, broker, primary, role, standing, reason, score, sockets, contracts, capacity,
    ticksPerSecond, failures,
    tickAgeMs: tickAgeMs === null ? null : Math.round(tickAgeMs),
    uptimePercent: uptime === null ? null : percentOf(uptime),
    reconnects: losses,
    restMs: restMs === null ? null : Math.round(restMs),
    diverted: [...view.diverted]
      .filter(([, untilMono]) => untilMono > now.monoMs)
      .map(([name, untilMono]) => ({ class: name, until: untilOf(untilMono) })),
    budgetPercent: percentOf(budgetUse),
  };
}

function depthOf(sockets: readonly DepthStatus[], id: string): FailoverAccount['depth'] {
  const found = sockets.find(({ account }) => account === id);
  if (!found) return null;
  const { state, reason, books, max } = found;
  return { state, reason, books, max };
}

/** With one decimal, cut and not rounded: 99.99 % is no 100 %. */
function percentOf(share: number): number {
  return Math.floor(share * 1_000) / 10;
}

function invalid(field: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'invalid',
    code: 'failover_invalid',
    message: `${field}: ${needed}`,
    details: { fields: [{ field, needed }] },
  });
}
