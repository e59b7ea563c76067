import { z } from 'zod';
import { exchanges } from '../contract-key';
import { idSchema, instantSchema } from './access';
import { orderTrialSchema, paperAccount } from './orders';

/** What one underlying needs, in rupees. */
export const underlyingMarginSchema = z.object({
  underlying: z.string(),
  /** `file`: the exchange's risk arrays; `scenarios`: the platform's own. */
  method: z.enum(['file', 'scenarios']),
  scan: z.number(),
  calendar: z.number(),
  netOptionValue: z.number(),
  span: z.number(),
  exposure: z.number(),
  expiryDay: z.number(),
  premium: z.number(),
  /** Stays blocked while it is held. */
  margin: z.number(),
  /** It takes this to enter: margin and premium. */
  total: z.number(),
  /** Units of the underlying, rupees a day, rupees a point; null: not all can be priced. */
  greeks: z
    .object({ delta: z.number(), gamma: z.number(), theta: z.number(), vega: z.number() })
    .nullable(),
  /** Spot times delta, in rupees; null without Greeks. */
  exposureNotional: z.number().nullable(),
});

/** A local estimate, in rupees. */
export const marginEstimateSchema = z.object({
  method: z.enum(['file', 'scenarios']),
  at: instantSchema,
  /** Day and revision of the risk file; null without one. */
  revision: z.string().nullable(),
  shape: z.string(),
  margin: z.number(),
  total: z.number(),
  byUnderlying: z.array(underlyingMarginSchema),
  warnings: z.array(z.string()),
});
/** A local estimate of margin. */
export type MarginEstimateView = z.infer<typeof marginEstimateSchema>;

/** What the broker said for a position set, and how the estimate compares. */
export const brokerMarginSchema = z.object({
  required: z.number(),
  span: z.number().nullable(),
  exposure: z.number().nullable(),
  premium: z.number().nullable(),
  benefit: z.number().nullable(),
  at: instantSchema,
  ageMs: z.number(),
  /** Estimate over broker; null: it asks nothing. */
  ratio: z.number().nullable(),
  band: z.object({ low: z.number(), high: z.number(), learnedFrom: z.number() }),
  /** The ratio has left its band. */
  outside: z.boolean(),
  components: z.array(
    z.object({
      component: z.enum(['span', 'exposure', 'premium', 'required']),
      estimate: z.number(),
      broker: z.number(),
      difference: z.number(),
    }),
  ),
});

/** Query of `GET /api/margin`. */
export const marginQuerySchema = z.object({
  account: z.union([z.literal(paperAccount), idSchema]).default(paperAccount),
});

/** Answer of `GET /api/margin`: the portfolio of one account. */
export const marginPortfolioSchema = z.object({
  account: z.string(),
  /** Null: not known. */
  funds: z.object({ available: z.number(), used: z.number(), total: z.number() }).nullable(),
  fundsAt: instantSchema.nullable(),
  /** Of what is held; null: something in it cannot be estimated, `reason` says what. */
  estimate: marginEstimateSchema.nullable(),
  reason: z.string().nullable(),
  /** The broker's figure of the same set; null: it was not asked, or did not answer. */
  broker: brokerMarginSchema.nullable(),
  /** Why the broker has no figure. */
  brokerReason: z.string().nullable(),
});
/** Margin of an account. */
export type MarginPortfolio = z.infer<typeof marginPortfolioSchema>;

/** Answer of `GET /api/margin/reconciliations`: bands by account and shape, newest ratio last. */
export const marginReconciliationsSchema = z.object({
  shapes: z.array(
    z.object({
      account: z.string(),
      shape: z.string(),
      ratios: z.array(z.number()),
      band: z.object({ low: z.number(), high: z.number(), learnedFrom: z.number() }),
    }),
  ),
});
/** How estimates have compared. */
export type MarginReconciliations = z.infer<typeof marginReconciliationsSchema>;

/** Answer of `GET /api/margin/risk-files` and of an upload (`POST`, the file as the body). */
export const riskFilesSchema = z.object({
  files: z.array(
    z.object({
      exchange: z.string(),
      businessDate: z.string(),
      created: z.string(),
      importedAt: instantSchema,
      underlyings: z.number(),
      contracts: z.number(),
      /** Too old, or of the future: not used. */
      current: z.boolean(),
    }),
  ),
});
/** Query of an upload: whose contracts the file has. The body is its XML, or that in gzip. */
export const riskFileQuerySchema = z.object({ exchange: z.enum(exchanges).default('NSE') });
/** Whose risk file is sent. */
export type RiskFileQuery = z.infer<typeof riskFileQuerySchema>;
/** The exchanges' risk files that are in use. */
export type RiskFiles = z.infer<typeof riskFilesSchema>;

/** Body of `POST /api/margin/estimate`: what a basket would need, beside what is held. */
export const marginTrialSchema = orderTrialSchema;

/** Answer of `POST /api/margin/estimate`. */
export const basketMarginSchema = z.object({
  /** Of what is held now; null: nothing is. */
  before: marginEstimateSchema.nullable(),
  after: marginEstimateSchema.nullable(),
  /** Of the basket alone. */
  alone: marginEstimateSchema.nullable(),
  /** What has to be free for it, in rupees, buffer included; null: not known. */
  required: z.number().nullable(),
  available: z.number().nullable(),
  /** For people: which figure counts and why. */
  basis: z.string(),
  /** Legs, from 0, in the order whose margin peaks lowest, with the blocked margin after each. */
  legOrder: z.array(z.object({ leg: z.number(), margin: z.number() })),
  peak: z.number().nullable(),
});
/** What a basket would need. */
export type BasketMargin = z.infer<typeof basketMarginSchema>;
