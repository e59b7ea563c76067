import type {
  ChainLayout,
  ChainRatios,
  Leg,
  LiveChain,
  PlatformStatus,
  Quote,
  StateMessage,
  StatusChange,
} from '@strikewire/contracts';
import { layoutOfLive } from '../chain/live-chain-store';
import type { ChainTarget } from '../rest/rest-client';
import type { StateSpec } from './state-reader';

/** Volatility and Greeks of a contract. */
export type GreeksRow = Pick<Leg, 'iv' | 'ivReason' | 'greeks'>;

type Head = Extract<StateMessage, { channel: 'greeks'; type: 'snapshot' }>['head'];

/** Volatility and Greeks of a chain. */
export interface GreeksState {
  readonly layout: ChainLayout;
  readonly head: Head;
  /** Row 2i is the call of strike i, row 2i + 1 its put. */
  readonly rows: readonly GreeksRow[];
}

/** Ratios and totals of a chain. */
export interface PcrState {
  readonly underlying: string;
  readonly exchange: string;
  readonly expiry: string;
  readonly asOf: string | null;
  readonly ratios: ChainRatios;
}

/** The newest of each contract and spot by its key; null: not served any more. */
export type QuotesState = Readonly<Record<string, Quote | null>>;

export function greeksSpec(target: ChainTarget): StateSpec<'greeks', GreeksState> {
  return {
    channel: 'greeks',
    request: { channel: 'greeks', encoding: 'json', ...target },
    snapshot: (layout, { head, rows }) => ({ layout, head, rows: withRows([], rows) }),
    delta: (held, { head, rows }) => ({ ...held, head, rows: withRows(held.rows, rows) }),
    poll: async (rest) => greeksOfLive(await rest.live(target)),
  };
}

export function pcrSpec(target: ChainTarget): StateSpec<'pcr', PcrState> {
  return {
    channel: 'pcr',
    request: { channel: 'pcr', encoding: 'json', ...target },
    snapshot: ({ underlying, exchange, expiry }, { asOf, ratios }) =>
      ({ underlying, exchange, expiry, asOf, ratios }),
    delta: (held, { asOf, ratios }) => ({
      ...held,
      asOf,
      ratios: { ...held.ratios, ...ratios } as ChainRatios,
    }),
    async poll(rest) {
      const { underlying, exchange, expiry, lastUpdated, metrics } = await rest.live(target);
      return { underlying, exchange, expiry, asOf: lastUpdated, ratios: ratiosOf(metrics) };
    },
  };
}

export function quotesSpec(keys: readonly string[]): StateSpec<'quotes', QuotesState> {
  // Rows are told by their place in the layout's list, which is not the order of the request.
  let order: readonly string[] = [];
  const told = (rows: readonly [number, Quote | null][]): QuotesState =>
    Object.fromEntries(rows.map(([index, quote]) => [order[index] ?? '', quote]));
  return {
    channel: 'quotes',
    request: { channel: 'quotes', encoding: 'json', keys: [...keys] },
    snapshot(layout, { rows }) {
      order = layout.keys;
      return told(rows);
    },
    delta: (held, { rows }) => ({ ...held, ...told(rows) }),
    poll: null,
  };
}

export function statusSpec(): StateSpec<'status', PlatformStatus> {
  return {
    channel: 'status',
    request: { channel: 'status', encoding: 'json' },
    snapshot: (_layout, { status }) => status,
    delta: (held, { status }) => withChange(held, status),
    poll: (rest) => rest.status(),
  };
}

function withRows(
  held: readonly GreeksRow[],
  changed: readonly [number, GreeksRow][],
): GreeksRow[] {
  const rows = [...held];
  for (const [row, figures] of changed) rows[row] = figures;
  return rows;
}

function withChange(held: PlatformStatus, change: StatusChange): PlatformStatus {
  const { underlyings = [], gone = [], ...parts } = change;
  const nameOf = (one: PlatformStatus['underlyings'][number]): string =>
    `${one.exchange}:${one.symbol}`;
  const changed = new Map(underlyings.map((one) => [nameOf(one), one]));
  const kept = held.underlyings
    .filter((one) => !gone.includes(nameOf(one)))
    .map((one) => changed.get(nameOf(one)) ?? one);
  const known = new Set(kept.map(nameOf));
  const added = underlyings.filter((one) => !known.has(nameOf(one)));
  return { ...held, ...(parts as Partial<PlatformStatus>), underlyings: [...kept, ...added] };
}

function greeksOfLive(live: LiveChain): GreeksState {
  const { spot, forward, metrics } = live;
  const { maxPain, atmIv, skew, straddle, expectedMove, gammaExposure } = metrics;
  return {
    layout: layoutOfLive(live),
    head: {
      spot: spot.ltp,
      spotClose: spot.close,
      spotAt: spot.updatedAt,
      atmStrike: live.atmStrike,
      anchorStrike: live.anchorStrike,
      atmOutsideWindow: live.atmOutsideWindow,
      stale: live.stale,
      asOf: live.lastUpdated ?? '',
      forward,
      figures: { maxPain, atmIv, skew, straddle, expectedMove, gammaExposure },
    },
    rows: live.strikes.flatMap(({ CE, PE }) => [CE, PE].map(
      ({ iv, ivReason, greeks }) => ({ iv, ivReason, greeks }),
    )),
  };
}

function ratiosOf(metrics: LiveChain['metrics']): ChainRatios {
  const { pcrOi, pcrVolume, totalCeOi, totalPeOi, totalCeVolume, totalPeVolume } = metrics;
  const { totalCeOiChange, totalPeOiChange } = metrics;
  const totals = { totalCeOi, totalPeOi, totalCeVolume, totalPeVolume };
  return { pcrOi, pcrVolume, ...totals, totalCeOiChange, totalPeOiChange };
}
