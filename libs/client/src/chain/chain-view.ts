import type { ChainLayout } from '@strikewire/contracts';
import { QuoteStore, type FrameFigures, type FrameHeader } from '@strikewire/market-data';
import type { StrikewireError } from '@strikewire/runtime';

/** The figures above the table, as of one version of the chain. */
export type ChainHead = Pick<
  FrameHeader,
  | 'version'
  | 'asOfMs'
  | 'isStale'
  | 'isAtmOutsideWindow'
  | 'spotPaise'
  | 'spotClosePaise'
  | 'spotMs'
  | 'atmPaise'
  | 'anchorIndex'
  | keyof FrameFigures
>;

/** One generation of a chain as this client holds it; a new generation is a new view. */
export interface ChainView {
  readonly layout: ChainLayout;
  /** Row 2i is the call of strike i, row 2i + 1 its put; `changedAt` tells what moved. */
  readonly store: QuoteStore;
  /** Null until the first figures are here. */
  readonly head: ChainHead | null;
  /** Monotonic milliseconds of this machine at which `head` arrived; ages count from it. */
  readonly headAtMonoMs: number;
}

/** What a watch tells; all calls are synchronous and must not throw. */
export interface ChainListener {
  /** The chain's structure is here or new: hold this view from now on, figures follow. */
  layout?(view: ChainView): void;
  /** Figures of the view changed, its head included. */
  changed?(view: ChainView): void;
  /** The server refuses the chain, or it cannot be reached by socket nor HTTP; being retried. */
  failed?(error: StrikewireError): void;
}

/** A view that its chain may write to. */
export type OwnChainView = { -readonly [Field in keyof ChainView]: ChainView[Field] };

/** `layout` has at least one strike and two tokens per strike. */
export function createView(layout: ChainLayout, wallMs: number): OwnChainView {
  const store = new QuoteStore({
    capacity: layout.tokens.length,
    groupCount: 0,
    tickDepth: 0,
    baseWallMs: wallMs,
  });
  return { layout, store, head: null, headAtMonoMs: 0 };
}

/** True when rows mean the same contracts in both, so that a store may be kept. */
export function isSameStructure(a: ChainLayout, b: ChainLayout): boolean {
  return (
    a.generation === b.generation &&
    a.expiry === b.expiry &&
    a.underlying === b.underlying &&
    a.tokens.length === b.tokens.length &&
    a.tokens.every((token, row) => token === b.tokens[row])
  );
}

/** True when a layout can be held: strikes present, two tokens each. */
export function isHoldable({ strikes, tokens }: ChainLayout): boolean {
  return strikes.length > 0 && tokens.length === strikes.length * 2;
}
