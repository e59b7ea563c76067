import { tokenKey } from '@strikewire/broker';
import { underlyingKey } from '@strikewire/contracts';
import type { Clock, Log, Timer } from '@strikewire/runtime';
import type { HeldContract, NamedSpot } from '../core/generation-layout';
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
  /** Gives chains of another broker the names of the one at home, as far as they are known. */
  rename(): void;
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
    const { board, requests, plan, rename, retired, swapped } = this.deps;
    rename();
    const held = [...this.held.values()].flat();
    const hasSameChains = this.hasSameChains();
    if (hasSameChains && this.holdsSame(held)) return;
    if (hasSameChains && this.isInChains(held)) return board.prefer(plan(), held);
    board.swap(plan(), { retired: (chain) => retired(chain) }, held);
    swapped();
    requests.keepFresh(refreshTargets(plan()));
    this.nameUnplaced();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private holdsSame(held: readonly HeldContract[]): boolean {
    const { board, plan } = this.deps;
    const named = board.partsOf(plan(), held);
    return areSame(named.held.map(heldText), board.generation.layout.held.map(heldText));
  }

  /** What is held and what was has a slot in a chain. */
  private isInChains(held: readonly HeldContract[]): boolean {
    const { layout } = this.deps.board.generation;
    const last = layout.chains.at(-1);
    const end = last ? last.firstSlot + last.legCount : 0;
    return [...held, ...layout.held].every(({ key }) => {
      const slot = layout.slotByKey.get(key) ?? end;
      return slot >= layout.underlyings.length && slot < end;
    });
  }

  private hasSameChains(): boolean {
    const { board, plan } = this.deps;
    const { layout, number } = board.generation;
    const built = builtSkeletons(plan());
    const named = board.partsOf(plan(), []);
    return (
      number > 0 &&
      built.length === layout.chains.length &&
      layout.chains.every(({ skeleton }, index) => skeleton === built[index]) &&
      areSame(named.spots.map(spotText), layout.underlyings.map(spotText))
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

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

function spotText({ broker, token, ...ref }: NamedSpot): string {
  return `${underlyingKey(ref)} ${broker} ${tokenKey(token)}`;
}

function heldText({ key, broker, token }: HeldContract): string {
  return `${key} ${broker} ${tokenKey(token)}`;
}
