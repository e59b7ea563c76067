import { tokenKey } from '@strikewire/broker';
import type { Clock, Log, Timer } from '@strikewire/runtime';
import type { HeldContract } from '../core/generation-layout';
import type { ChainBoard } from './chain-board';
import { builtSkeletons, refreshTargets, type DayPlan } from './day-plan';
import type { LiveChain } from './live-chain';
import type { RefreshRunner } from './refresh-runner';

/** What a swap works on. */
export interface GenerationSwapDeps {
  clock: Clock;
  log: Log;
  board: ChainBoard;
  requests: Pick<RefreshRunner, 'keepFresh'>;
  plan(): DayPlan;
  /** Whether there is an account at all: without one nothing has a feed. */
  hasAccount(): boolean;
  /** A chain is gone. */
  retired(chain: LiveChain): void;
  /** The new generation is served. */
  swapped(): void;
}

/** Changes of the plan within this time become one new generation. */
const swapDelayMs = 500;
/** A generation is copied whole: a large one changes less often while it is built. */
const slotsPerSwapMs = 4;
/** Of the contracts that the feed has no room for, this many are named in the log. */
const unplacedNamed = 20;

/** Makes what the plan has, and what is held beside it, the generation that is served. */
export class GenerationSwap {
  private readonly deps: GenerationSwapDeps;
  /** By whoever needs them. */
  private readonly held = new Map<string, readonly HeldContract[]>();
  private timer: Timer | undefined;

  constructor(deps: GenerationSwapDeps) {
    this.deps = deps;
  }

  /**
   * Keeps contracts live ahead of every chain for as long as their holder needs them; an empty
   * list lets go.
   */
  hold(holder: string, contracts: readonly HeldContract[]): void {
    if (contracts.length === 0) this.held.delete(holder);
    else this.held.set(holder, contracts);
    this.soon();
  }

  soon(): void {
    const { clock, board } = this.deps;
    const delayMs = swapDelayMs + board.generation.layout.slotCount / slotsPerSwapMs;
    this.timer ??= clock.after(delayMs, () => this.now());
  }

  /** A new generation, unless nothing has changed since the last. */
  now(): void {
    this.stop();
    const { board, requests, plan, retired, swapped } = this.deps;
    const held = [...this.held.values()].flat();
    if (this.isSame(held)) return;
    board.swap(plan(), { retired: (chain) => retired(chain) }, held);
    swapped();
    requests.keepFresh(refreshTargets(plan()));
    this.nameUnplaced();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private isSame(held: readonly HeldContract[]): boolean {
    const { layout, number } = this.deps.board.generation;
    const built = builtSkeletons(this.deps.plan());
    return (
      number > 0 &&
      built.length === layout.chains.length &&
      layout.chains.every(({ skeleton }, index) => skeleton === built[index]) &&
      held.length === layout.held.length &&
      layout.held.every(({ key }, index) => key === held[index]?.key)
    );
  }

  private nameUnplaced(): void {
    const { board, log, hasAccount } = this.deps;
    const { unplaced } = board;
    if (unplaced.length === 0 || !hasAccount()) return;
    const tokens = unplaced.slice(0, unplacedNamed).map(({ token }) => tokenKey(token));
    log.warn('contracts without a feed', { count: unplaced.length, tokens });
  }
}
