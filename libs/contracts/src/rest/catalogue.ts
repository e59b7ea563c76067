import { z } from 'zod';

/** How a chain stands: listed and waiting, built, or not built with its reason. */
export const chainStateSchema = z.object({
  expiry: z.string(),
  class: z.enum(['weekly', 'monthly', 'quarterly']),
  state: z.enum(['pending', 'built', 'not_built']),
  /** Why it is not built, in plain words. */
  reason: z.string().nullable(),
  strikeCount: z.number().int(),
  /** Strikes that the rule asks for and the exchange does not list. */
  shortfall: z.number().int(),
  /** Contracts that have ticked since the subscription. */
  liveCount: z.number().int(),
  atmOutsideWindow: z.boolean(),
  stale: z.boolean(),
  /** Milliseconds since the newest tick of any contract; null before the first. */
  tickAgeMs: z.number().nullable(),
  /** Contracts that no socket has room for: REST alone keeps them. */
  restOnlyCount: z.number().int(),
  /** How old the figures of REST (open interest, broker Greeks) are; null before the first. */
  restAgeMs: z.number().nullable(),
  /** How old they may become now. */
  restBoundMs: z.number(),
});
/** How one chain stands. */
export type ChainState = z.infer<typeof chainStateSchema>;

/** Answer of `GET /api/optionchain/underlyings`. */
export const underlyingsSchema = z.object({
  underlyings: z.array(
    z.object({
      symbol: z.string(),
      exchange: z.string(),
      kind: z.enum(['index', 'stock', 'commodity']),
      state: z.enum(['pending', 'built', 'not_built']),
      reason: z.string().nullable(),
      ltp: z.number().nullable(),
      strikeInterval: z.number().nullable(),
      atmStrike: z.number().nullable(),
      lotSize: z.number().nullable(),
    }),
  ),
});
/** The underlyings served, with their state. */
export type Underlyings = z.infer<typeof underlyingsSchema>;

/** Answer of `GET /api/optionchain/expiries?underlying=`: the chains kept, nearest first. */
export const expiriesSchema = z.object({
  underlying: z.string(),
  exchange: z.string(),
  /** Everything the broker lists, whether kept or not. */
  listed: z.array(z.string()),
  fetchedAt: z.string().nullable(),
  chains: z.array(chainStateSchema),
});
/** What is listed and kept of an underlying. */
export type Expiries = z.infer<typeof expiriesSchema>;

/** One socket of the feed; ages in milliseconds. */
export const feedSocketSchema = z.object({
  socket: z.number().int(),
  /** The name of the account that it belongs to. */
  account: z.string(),
  state: z.enum(['idle', 'connecting', 'live', 'waiting', 'parked', 'resting']),
  reason: z.string().nullable(),
  /** It carries a part of the subscription, observes for an account in reserve, or stands by. */
  role: z.enum(['carrier', 'observer', 'standby']),
  instruments: z.number().int(),
  /** Instruments that its broker allows on one socket. */
  instrumentsMax: z.number().int(),
  confirmed: z.number().int(),
  /** Packets of its instruments a second, applied or not; 0 while it is not live. */
  ticksPerSecond: z.number(),
  /** Why its connection, or an attempt at one, failed last; kept when it is live again. */
  lastError: z.object({ reason: z.string(), at: z.string() }).nullable(),
  reconnects: z.number().int(),
  /** Milliseconds since any byte; null when never. */
  byteAgeMs: z.number().nullable(),
  /** Milliseconds since a tick; null when never. */
  tickAgeMs: z.number().nullable(),
});

/** Answer of `GET /api/optionchain/status`. */
export const statusSchema = z.object({
  phase: z.enum(['starting', 'building', 'live', 'degraded', 'stopped']),
  market: z.object({ open: z.boolean(), calendar: z.string(), now: z.string() }),
  source: z.object({ broker: z.string(), account: z.string() }),
  generation: z.number().int(),
  feed: z.object({
    state: z.enum(['connecting', 'live', 'silent', 'down', 'closed']),
    sockets: z.array(feedSocketSchema),
    ticksPerSecond: z.number(),
    tickAgeMs: z.number().nullable(),
    packets: z.object({
      applied: z.number(),
      behind: z.number(),
      unknownInstrument: z.number(),
      malformed: z.number(),
    }),
  }),
  budget: z.array(
    z.object({
      class: z.string(),
      used: z.number(),
      limit: z.number(),
      windowMs: z.number(),
      waiting: z.number(),
    }),
  ),
  /** What is asked of brokers over REST. */
  requests: z.object({
    /** Chains that are wanted, and those that are built. */
    chains: z.number().int(),
    built: z.number().int(),
    /** Whole percent of what is built; rounded down. */
    percent: z.number().int(),
    /** Until what waits is asked for, ms; null without an account. */
    leftMs: z.number().nullable(),
    waiting: z.object({ admin: z.number(), build: z.number(), gap: z.number() }),
    /** How many times longer than its bound every chain's age becomes; null: nobody is asked. */
    stretch: z.number().nullable(),
  }),
  /** Contracts that are served by REST alone, for want of sockets. */
  restOnly: z.number().int(),
  /** How busy the process is, and what is given up because of it: never a strike. */
  load: z.object({
    step: z.enum(['normal', 'longer_flush', 'slower_refresh', 'least']),
    /** What is above its limit, in plain words. */
    reasons: z.array(z.string()),
    memoryMb: z.number(),
    /** Of one core. */
    cpuPercent: z.number(),
    loopDelayMs: z.number(),
  }),
  underlyings: z.array(
    z.object({
      symbol: z.string(),
      exchange: z.string(),
      state: z.enum(['pending', 'built', 'not_built']),
      reason: z.string().nullable(),
      chains: z.array(chainStateSchema),
    }),
  ),
  /** `sockets`: connections that watch something, streams of events among them. */
  clients: z.object({ sockets: z.number().int(), subscriptions: z.number().int() }),
});
/** How the platform is, in one answer. */
export type PlatformStatus = z.infer<typeof statusSchema>;

/** Answer of `GET /health`. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'starting', 'degraded']),
  version: z.string(),
  uptimeMs: z.number(),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() })),
});
/** How the process is. */
export type Health = z.infer<typeof healthSchema>;
