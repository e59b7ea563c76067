import type { Fault } from '@strikewire/simulator';
import type { FailoverRun } from './failover-run';

/**
 * Silence of a socket is waited for, for a minute where it never ticked; then somebody else
 * carries, or it is said that nobody does. A clock that was put back is heard after as long.
 */
const darkMostMs = 65_000;

const breaking: ReadonlySet<Fault['kind']> = new Set(['tornFrames', 'corruptFrames']);

/** Remembers what has moved in the market and was not told, or moves for nobody, and since when. */
export class DarkWatch {
  private readonly run: FailoverRun;
  private readonly contracts = new Map<number, { readonly watchers: number }>();
  /** The first and the last move that was not told. */
  private readonly untold = new Map<number, { firstMono: number; lastMono: number }>();

  constructor(run: FailoverRun) {
    this.run = run;
    run.simulator.market.listen((contract) => {
      this.contracts.set(contract.id, contract);
      this.moved(contract.id);
    }, () => undefined);
  }

  /** To be looked at every few seconds: contracts that have a place, and are dark all the same. */
  doubts(): string[] {
    const { targets, store, simulator, supervision: { feed, standing } } = this.run;
    const unplaced = new Set(feed.unplaced().map(({ key }) => key));
    // What is broken is asked for anew every 30 s, and may be broken again.
    if (simulator.faults.list().some(({ fault }) => breaking.has(fault.kind))) this.untold.clear();
    const dark = targets.filter(({ key, slot, token }) => {
      const id = Number(token.id);
      if (this.contracts.get(id)?.watchers === 0) this.moved(id);
      const moves = this.untold.get(id);
      if (!moves) return false;
      const isTold = (store.touchedMonoMs[slot] ?? -Infinity) >= moves.firstMono;
      if (isTold || unplaced.has(key) || standing.isDegraded) this.untold.delete(id);
      return this.untold.has(id) && moves.lastMono - moves.firstMono > darkMostMs;
    });
    if (dark.length === 0) return [];
    return [`${dark.length} contracts are dark, and nobody says so: ${dark[0]?.key}`];
  }

  private moved(id: number): void {
    const lastMono = this.run.clock.monoMs();
    const moves = this.untold.get(id);
    if (moves) moves.lastMono = lastMono;
    else this.untold.set(id, { firstMono: lastMono, lastMono });
  }
}
