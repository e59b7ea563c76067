import { z } from 'zod';
import { isSymbol } from '../contract-key';

const count = z
  .number({ error: 'needs a whole number from 0 to 500' })
  .int({ error: 'needs a whole number' })
  .min(0, { error: 'needs 0 or more' })
  .max(500, { error: 'needs 500 or less' });

/** How one underlying's chains are cut: data, edited without touching code. */
export const universeRowSchema = z.object({
  exchange: z.enum(['NSE', 'BSE', 'MCX']),
  symbol: z.string().refine(isSymbol, { error: 'needs a symbol such as NIFTY' }),
  kind: z.enum(['index', 'stock', 'commodity']),
  /**
   * Listed strikes kept below and above the anchor; the anchor itself comes on top. Around the
   * LTP there is no anchor: `below` counts strikes at or below it, `above` those above it.
   */
  window: z.object({ below: count, above: count, around: z.literal('ltp').optional() }),
  /** A union without repeats: the nearest of any class, the nearest monthlies and quarterlies. */
  expiries: z.object({ nearest: count, monthlies: count, quarterlies: count }),
});
/** A checked row of the universe. */
export type UniverseRow = z.infer<typeof universeRowSchema>;

/** In a rule, every underlying of its exchange and kind that has no rule of its own. */
export const everySymbol = '*';

/** What is served: one underlying, or all of an exchange and kind. */
export const universeRuleSchema = universeRowSchema
  .extend({
    symbol: z.union([z.literal(everySymbol), universeRowSchema.shape.symbol]),
    /** False: listed, and not served. */
    served: z.boolean(),
  })
  .refine(
    ({ served, expiries }) =>
      !served || expiries.nearest + expiries.monthlies + expiries.quarterlies > 0,
    { error: 'needs an expiry', path: ['expiries', 'nearest'] },
  );
/** A checked rule of the universe. */
export type UniverseRule = z.infer<typeof universeRuleSchema>;

/** Rules that a universe may have. */
export const universeRulesMax = 500;

/** Rules in order of priority; an own rule goes before one for all of a kind. */
export const universeRulesSchema = z
  .array(universeRuleSchema)
  .max(universeRulesMax, { error: `needs ${universeRulesMax} rules or fewer` })
  .superRefine((rules, context) => {
    const seen = new Set<string>();
    rules.forEach(({ exchange, symbol, kind }, index) => {
      const key = `${exchange}:${symbol}${symbol === everySymbol ? `:${kind}` : ''}`;
      if (seen.has(key)) {
        const message = `needs one rule for ${key}, there are two`;
        context.addIssue({ code: 'custom', path: [index, 'symbol'], message });
      }
      seen.add(key);
    });
  });

/** Body of `PUT /api/universe` and of `POST /api/universe/preview`. */
export const universeChangeSchema = z.object({
  rules: universeRulesSchema,
  /** The revision that was edited; another one by now refuses the change. */
  revision: z.number().int().min(0).optional(),
});
/** A checked change of the universe. */
export type UniverseChange = z.infer<typeof universeChangeSchema>;

/** Answer of `GET /api/universe`. */
export const universeSchema = z.object({
  /** Rises with every change; 0: the defaults. */
  revision: z.number().int(),
  /** Who saved that revision, and when; null for the defaults. */
  changedBy: z.string().nullable(),
  changedAt: z.string().nullable(),
  rules: z.array(universeRuleSchema),
  /** What counts until somebody saves something else. */
  defaults: z.array(universeRuleSchema),
  /** What the broker lists options on, for choosing; empty before its list was read. */
  listed: z.array(
    z.object({ exchange: z.string(), symbol: z.string(), kind: universeRowSchema.shape.kind }),
  ),
  /** Whether chains are served by these rules already; else from the next build on. */
  applied: z.boolean(),
});
/** The universe as it is wanted. */
export type Universe = z.infer<typeof universeSchema>;

/** What a kind of underlyings would need. */
export const universeCostSchema = z.object({
  underlyings: z.number().int(),
  chains: z.number().int(),
  /** Options, without the underlyings themselves. */
  contracts: z.number().int(),
});

/** Answer of `POST /api/universe/preview`: what rules would mean, before they are saved. */
export const universePreviewSchema = z.object({
  total: universeCostSchema,
  byKind: z.object({
    index: universeCostSchema,
    commodity: universeCostSchema,
    stock: universeCostSchema,
  }),
  /** Underlyings whose number of chains is estimated: their lists have not been read yet. */
  estimated: z.number().int(),
  /** Rules for underlyings that the broker does not list. */
  unlisted: z.array(z.string()),
  /** Instruments that the accounts' sockets have room for, and those that would find none. */
  capacity: z.number().int(),
  restOnly: z.number().int(),
  /** Requests a minute to keep REST figures within their bounds, and what the limits allow. */
  requestsPerMinute: z.number(),
  requestsPerMinuteMax: z.number(),
  /** How many times longer than its bound every chain's age would become; 1: none. */
  stretch: z.number(),
  /** How long a whole build takes, ms; null without an account. */
  buildMs: z.number().nullable(),
  /** Against the rules that are saved: underlyings that come and go. */
  added: z.array(z.string()),
  removed: z.array(z.string()),
});
/** What a universe would cost. */
export type UniversePreview = z.infer<typeof universePreviewSchema>;
