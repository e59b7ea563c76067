import { roleIncludes, type Kill } from '@strikewire/contracts';
import { errorMessageOf, sleep } from '@strikewire/runtime';
import type { Asker } from './asker';
import { KillWork } from './kill-switch-work';
import type { OrderDesk } from './order-desk';
import type { OrderFloor } from './order-floor';
import { killReleased, type KillState, type OrderAct } from './order-journal';

const retryMs = { first: 500, most: 30_000 } as const;

/**
 * Stops everything at once. It blocks in the turn in which it is pulled, is stored, cancels what is
 * open at the rate that is permitted, then closes positions if that is wanted: of the accounts that
 * the puller may trade, of all for an admin. It stays until an admin releases it, over restarts
 * too, and goes on while anything is left. Pulled again it begins anew.
 */
export class KillSwitch {
  private readonly floor: OrderFloor;
  private readonly desk: OrderDesk;
  private readonly listeners = new Set<(state: KillState) => void>();
  private now: KillState = killReleased;
  private saving: Promise<void> = Promise.resolve();
  private work: KillWork | undefined;
  /** Each pull: whatever was begun before it has no say any more. */
  private pulls = 0;
  private isReleasing = false;
  private isStopped = false;

  constructor(floor: OrderFloor, desk: OrderDesk) {
    this.floor = floor;
    this.desk = desk;
  }

  get state(): KillState {
    return this.now;
  }

  /** Strategies and whatever else has to stop. */
  onChange(listener: (state: KillState) => void): void {
    this.listeners.add(listener);
  }

  /** As it was when the platform ended: on, it goes on with what it had begun. */
  restore(state: KillState): void {
    this.now = { ...state, accounts: state.accounts ?? null };
    this.floor.gate.setKill(state.active ? state.reason : null);
    if (state.active) this.begin(platformAsker(state), false);
  }

  async pull(asker: Asker, { reason, flatten = false }: Kill): Promise<KillState> {
    const before = this.now;
    const wasFlat = before.active && before.flatten;
    const wantsFlat = flatten || wasFlat;
    const atMs = this.floor.deps.clock.wallMs();
    this.pulls += 1;
    this.set({
      active: true, reason, by: asker.name, atMs, flatten: wantsFlat, flattenedMs: null,
      accounts: unionOf(flatten ? this.reachOf(asker) : [], wasFlat ? before.accounts : []),
    });
    const what = `stopped all orders${wantsFlat ? ' and closes positions' : ''}`;
    this.floor.notify({
      kind: 'kill_switch.pulled',
      severity: 'critical',
      title: 'The kill switch is on',
      text: `${asker.name} ${what}: ${reason}`,
    });
    const saved = this.save(this.act(asker, 'kill_switch.pulled', before));
    this.begin(asker, true);
    await Promise.race([saved, sleep(this.floor.deps.clock, 3_000)]);
    return this.now;
  }

  /** For an admin alone. */
  async release(asker: Asker): Promise<KillState> {
    const before = this.now;
    if (!before.active) return before;
    const { pulls } = this;
    const act = { ...this.act(asker, 'kill_switch.released', before), after: { ...killReleased } };
    // Stored first, and after all that was to be stored before: what is not stored is not released.
    const stored = this.saving.then(() => this.floor.deps.journal.saveKill(killReleased, act));
    this.saving = stored.catch(() => undefined);
    this.isReleasing = true;
    try {
      await stored;
    } catch (error) {
      // It may be stored all the same.
      void this.save(null);
      throw error;
    } finally {
      this.isReleasing = false;
    }
    // Pulled again meanwhile: that is the newer, and is stored after this.
    if (this.pulls !== pulls) return this.now;
    this.work?.stop();
    this.set(killReleased);
    this.floor.notify({
      kind: 'kill_switch.released',
      severity: 'warning',
      title: 'The kill switch is off',
      text: `${asker.name} lets orders pass again`,
    });
    return this.now;
  }

  stop(): void {
    this.isStopped = true;
    this.work?.stop();
  }

  private set(state: KillState): void {
    this.now = state;
    this.floor.gate.setKill(state.active ? state.reason : null);
    for (const listener of this.listeners) listener(state);
  }

  private begin(asker: Asker, isFresh: boolean): void {
    const { flatten, accounts } = this.now;
    this.work?.stop();
    const onFlat = (): void => this.flattened();
    this.work = new KillWork(this.floor, this.desk, { asker, flatten, accounts, isFresh, onFlat });
  }

  private flattened(): void {
    // What is being released is not stored as active once more.
    if (!this.now.active || this.now.flattenedMs !== null || this.isReleasing) return;
    this.now = { ...this.now, flattenedMs: this.floor.deps.clock.wallMs() };
    void this.save(null);
  }

  /** Accounts that somebody may close; null: all. */
  private reachOf(asker: Asker): string[] | null {
    if (roleIncludes(asker.role, 'admin')) return null;
    return this.floor.venues.of(asker).map(({ account }) => account);
  }

  /** One after the other, until the newest is stored. */
  private save(act: OrderAct | null): Promise<void> {
    const state = this.now;
    const { journal, log, clock } = this.floor.deps;
    this.saving = this.saving.then(async () => {
      for (let waitMs: number = retryMs.first; ; waitMs = Math.min(retryMs.most, 2 * waitMs)) {
        if (this.isStopped) return;
        try {
          return await journal.saveKill(state, act);
        } catch (error) {
          const reason = errorMessageOf(error);
          log.error('the kill switch is not stored yet', { reason, waitMs });
          await sleep(clock, waitMs);
        }
      }
    });
    return this.saving;
  }

  private act({ by }: Asker, action: string, before: KillState): OrderAct {
    const subject = { kind: 'platform', id: 'kill-switch', name: 'kill switch' };
    return { by, action, subject, before: { ...before }, after: { ...this.now } };
  }
}

function platformAsker({ by }: KillState): Asker {
  return { userId: 'kill-switch', name: by ?? 'kill switch', role: 'admin', by: null };
}

function unionOf(
  one: readonly string[] | null,
  other: readonly string[] | null,
): readonly string[] | null {
  return one === null || other === null ? null : [...new Set([...one, ...other])];
}
