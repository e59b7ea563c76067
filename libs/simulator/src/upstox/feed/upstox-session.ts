import type { Outlet } from '../../faces/outlet';
import type { Contract } from '../../market/contract';
import type { UpstoxFeedMode } from './feed-request';

/** One feed connection and what it is subscribed to. */
export class UpstoxSession {
  readonly clientId: string;
  readonly isPlus: boolean;
  readonly outlet: Outlet;
  readonly modes = new ModeMap();

  constructor(user: { clientId: string; isPlus: boolean }, outlet: Outlet) {
    this.clientId = user.clientId;
    this.isPlus = user.isPlus;
    this.outlet = outlet;
  }

  /** Keys in a mode. */
  count(mode: UpstoxFeedMode): number {
    return this.modes.count(mode);
  }
}

/** Modes of contracts, counted: limits are asked for with each key. */
class ModeMap extends Map<Contract, UpstoxFeedMode> {
  private counts: Partial<Record<UpstoxFeedMode, number>> = {};

  count(mode: UpstoxFeedMode): number {
    return this.counts[mode] ?? 0;
  }

  override set(contract: Contract, mode: UpstoxFeedMode): this {
    this.delete(contract);
    this.counts[mode] = this.count(mode) + 1;
    return super.set(contract, mode);
  }

  override delete(contract: Contract): boolean {
    const mode = this.get(contract);
    if (mode !== undefined) this.counts[mode] = this.count(mode) - 1;
    return super.delete(contract);
  }
}
