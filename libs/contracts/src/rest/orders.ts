import { z } from 'zod';
import { idSchema, instantSchema, lineSchema } from './access';

/** The paper account of whoever asks; every other account is named by its id. */
export const paperAccount = 'paper';

/** Lines of one basket. */
export const basketLegsMax = 20;

const accountSchema = z.union([z.literal(paperAccount), idSchema], {
  error: `needs "${paperAccount}" or the id of an account`,
});
const contractSchema = z
  .string()
  .max(80, { error: 'needs at most 80 characters' })
  .regex(/^[A-Za-z0-9&_.:-]+$/, { error: 'needs a key such as NSE:NIFTY:2026-11-24:24500:CE' });
const sideSchema = z.enum(['BUY', 'SELL'], { error: 'needs BUY or SELL' });
const productSchema = z.enum(['intraday', 'carry'], { error: 'needs intraday or carry' });
/** Units, not lots. Absurd numbers are refused with the other problems of an order, by name. */
const quantitySchema = z.number({ error: 'needs a number of units' });
const rupeesSchema = z.number({ error: 'needs rupees' });

/**
 * What is asked for; `SMART` is a limit order whose price the platform sets from the book: at the
 * touch and a buffer, or at the mid of a wide spread. Prices in rupees, only where the type has
 * them.
 */
export const orderTicketSchema = z.strictObject({
  contract: contractSchema,
  side: sideSchema,
  type: z.enum(['LIMIT', 'MARKET', 'SL', 'SL-M', 'SMART'], {
    error: 'needs LIMIT, MARKET, SL, SL-M or SMART',
  }),
  product: productSchema,
  validity: z.enum(['DAY', 'IOC'], { error: 'needs DAY or IOC' }).default('DAY'),
  quantity: quantitySchema,
  price: rupeesSchema.optional(),
  triggerPrice: rupeesSchema.optional(),
});
/** One order as it is asked for. */
export type OrderTicket = z.input<typeof orderTicketSchema>;

const legsSchema = z
  .array(orderTicketSchema)
  .min(1, { error: 'needs at least one leg' })
  .max(basketLegsMax, { error: `needs at most ${basketLegsMax} legs` });

/**
 * Body of `POST /api/orders`: one order or a basket. The same `requestId` again places nothing: it
 * answers with what it made. A basket goes leg by leg in the order whose margin peaks lowest, the
 * next one when the last is taken.
 */
export const newOrdersSchema = z.strictObject({
  requestId: idSchema,
  account: accountSchema,
  legs: legsSchema,
});
/** Orders to place. */
export type NewOrders = z.input<typeof newOrdersSchema>;

/** Body of `POST /api/orders/preview`: nothing is sent, no broker is asked. */
export const orderTrialSchema = newOrdersSchema.omit({ requestId: true });
/** Orders to look at before they are placed. */
export type OrderTrial = z.input<typeof orderTrialSchema>;

/** Body of `PATCH /api/orders/:id`: what is to be others. The quantity is the whole, not a rest. */
export const orderChangeSchema = z
  .strictObject({ quantity: quantitySchema, price: rupeesSchema, triggerPrice: rupeesSchema })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { error: 'needs something to change' });
/** A change of an order. */
export type OrderChangeBody = z.infer<typeof orderChangeSchema>;

/**
 * Body of `POST /api/orders/:id/settle`: a person has looked, and the broker never had it, or it
 * has ended with what is known. With a quantity it has ended with so much filled, at that average.
 */
export const orderSettleSchema = z
  .strictObject({
    reason: lineSchema(200),
    filledQuantity: z.number().int().positive({ error: 'needs units above zero' }).optional(),
    averagePrice: z.number().positive({ error: 'needs a price above zero' }).optional(),
  })
  .refine((body) => (body.filledQuantity === undefined) === (body.averagePrice === undefined), {
    error: 'needs both, what was filled and its average price, or neither',
  });
/** What a person has found of an order. */
export type OrderSettle = z.infer<typeof orderSettleSchema>;

/** Where an order stands; `unknown`: it may be at the broker, and is being looked up. */
export const orderStatuses = [
  'intended', 'sending', 'unknown', 'accepted', 'open', 'triggered', 'part_filled',
  'filled', 'cancelled', 'rejected', 'expired', 'denied',
] as const;

/** An account as orders show it. */
export const orderAccountSchema = z.object({
  id: z.string(),
  label: z.string(),
  broker: z.string(),
  mode: z.enum(['paper', 'live']),
});
/** An account as orders show it. */
export type OrderAccount = z.infer<typeof orderAccountSchema>;

const subRequestSchema = z.object({
  status: z.enum(['waiting', 'sending', 'unknown', 'accepted', 'rejected', 'denied', 'lapsed']),
  reason: z.string().nullable(),
});

/** One order; prices in rupees, times ISO-8601. */
export const orderSchema = z.object({
  /** The client order id, which is also the broker's tag. */
  id: z.string(),
  account: orderAccountSchema,
  contract: z.string(),
  side: sideSchema,
  type: z.enum(['LIMIT', 'MARKET', 'SL', 'SL-M']),
  product: productSchema,
  validity: z.enum(['DAY', 'IOC']),
  quantity: z.number(),
  filledQuantity: z.number(),
  price: z.number().nullable(),
  triggerPrice: z.number().nullable(),
  averagePrice: z.number().nullable(),
  status: z.enum(orderStatuses),
  /** Why it was denied or rejected, in plain words. */
  reason: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
  /** Nothing more happens to it. */
  ended: z.boolean(),
  brokerOrderId: z.string().nullable(),
  modify: subRequestSchema.nullable(),
  cancel: subRequestSchema.nullable(),
  /** What somebody has to look at; null: nothing. */
  needsPerson: z.string().nullable(),
  /** Who wanted it: a user, or a strategy. */
  placedBy: z.string(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  version: z.number(),
});
/** One order. */
export type Order = z.infer<typeof orderSchema>;

/** Query of the lists: of one account, or of all that the asker may see. */
export const ordersQuerySchema = z.object({
  account: accountSchema.optional(),
  /** Days back, today being 0. */
  days: z.coerce.number().int().min(0).max(30).default(0),
});
/** Answer of `GET /api/orders` (newest first) and `POST /api/orders`. */
export const ordersSchema = z.object({ orders: z.array(orderSchema) });
/** Orders. */
export type Orders = z.infer<typeof ordersSchema>;

/** Answer of `GET /api/trades`: newest first. */
export const tradesSchema = z.object({
  trades: z.array(
    z.object({
      id: z.string(),
      orderId: z.string(),
      account: orderAccountSchema,
      contract: z.string(),
      side: sideSchema,
      product: productSchema,
      quantity: z.number(),
      price: z.number(),
      /** Brokerage, taxes and fees that this trade added to its order. */
      charges: z.number(),
      tradedAt: instantSchema,
    }),
  ),
});
/** Trades. */
export type Trades = z.infer<typeof tradesSchema>;

/** What is held of one contract, in one product; money in rupees, null: no price is known. */
export const positionSchema = z.object({
  account: orderAccountSchema,
  contract: z.string(),
  product: productSchema,
  /** Units; below zero: short. */
  netQuantity: z.number(),
  averagePrice: z.number().nullable(),
  ltp: z.number().nullable(),
  /** The last price is older than it should be. */
  stale: z.boolean(),
  realised: z.number(),
  unrealised: z.number().nullable(),
  charges: z.number(),
  /** Realised and unrealised after charges. */
  net: z.number().nullable(),
  /** Units of the underlying that it moves with. */
  delta: z.number().nullable(),
});
/** What is held of one contract. */
export type PositionView = z.infer<typeof positionSchema>;

/** Answer of `GET /api/positions`; flat ones of today are in it. */
export const positionsSchema = z.object({
  positions: z.array(positionSchema),
  totals: z.array(
    z.object({
      account: orderAccountSchema,
      realised: z.number(),
      unrealised: z.number().nullable(),
      charges: z.number(),
      net: z.number().nullable(),
    }),
  ),
});
/** Positions. */
export type Positions = z.infer<typeof positionsSchema>;

/** Body of `POST /api/positions/exit`: closes one position, or all of the account. */
export const exitSchema = z.strictObject({
  requestId: idSchema,
  account: accountSchema,
  contract: contractSchema.optional(),
  product: productSchema.optional(),
});
/** What is to be closed. */
export type Exit = z.infer<typeof exitSchema>;

/** One thing that is wrong with an order. */
export const orderProblemSchema = z.object({
  /** Which leg, from 0; null: all of them together. */
  leg: z.number().nullable(),
  code: z.string(),
  message: z.string(),
});

/** What it costs to trade a quantity now, and whether to; rupees. */
export const executionSchema = z.object({
  contract: z.string(),
  side: sideSchema,
  quantity: z.number(),
  bid: z.number().nullable(),
  ask: z.number().nullable(),
  spread: z.number().nullable(),
  spreadPercent: z.number().nullable(),
  /** 0 to 100. */
  liquidityScore: z.number().nullable(),
  advice: z.enum(['ENTER_NOW', 'WAIT', 'WAIT_FOR_TIGHTER_SPREAD']),
  /** The limit that goes with the advice. */
  price: z.number().nullable(),
  /** Of the whole quantity by depth; null: the book has too little. */
  averagePrice: z.number().nullable(),
  /** Against the touch, for a unit. */
  slippage: z.number().nullable(),
  /** Against the mid, for all of it. */
  impact: z.number().nullable(),
  /** Units that the book shows. */
  available: z.number(),
  /** Why there is no figure. */
  reason: z.string().nullable(),
  stale: z.boolean(),
});
/** What it costs to trade a quantity now. */
export type Execution = z.infer<typeof executionSchema>;

/** Query of `GET /api/execution`. */
export const executionQuerySchema = z.object({
  contract: contractSchema,
  side: sideSchema,
  quantity: z.coerce.number().int().positive().max(1_000_000),
});

/** How one position would be left now; rupees. */
export const exitAnalysisSchema = z.object({
  contract: z.string(),
  product: productSchema,
  netQuantity: z.number(),
  exitPrice: z.number().nullable(),
  /** The book shows enough for all of it. */
  canExitNow: z.boolean(),
  slippage: z.number().nullable(),
  reason: z.string().nullable(),
});
/** Answer of `GET /api/positions/exit-analysis`. */
export const exitAnalysesSchema = z.object({ exits: z.array(exitAnalysisSchema) });
/** How positions would be left now. */
export type ExitAnalyses = z.infer<typeof exitAnalysesSchema>;

/** Body of `PUT /api/accounts/:id/live`. */
export const liveSwitchSchema = z.strictObject({ live: z.boolean() });

/** One account that orders can go to. */
export const tradingAccountSchema = orderAccountSchema.extend({
  /** Whether its live orders are switched on; a paper account has no such switch. */
  live: z.boolean().optional(),
  /** Whether orders are taken for it now. */
  open: z.boolean(),
  /** Why not, in plain words. */
  reason: z.string().nullable(),
  /** How much of each rate is used: calls within the window. */
  rates: z.array(
    z.object({ name: z.string(), used: z.number(), limit: z.number(), windowMs: z.number() }),
  ),
});
/** Answer of `GET /api/trading`: where orders may go, and whether any may. */
export const tradingSchema = z.object({
  accounts: z.array(tradingAccountSchema),
  kill: z.object({
    active: z.boolean(),
    reason: z.string().nullable(),
    by: z.string().nullable(),
    at: instantSchema.nullable(),
  }),
});
/** Where orders may go. */
export type Trading = z.infer<typeof tradingSchema>;

/** Body of `POST /api/kill-switch`: blocks every order path, cancels what is open. */
export const killSchema = z.strictObject({
  reason: lineSchema(200),
  /** Also closes every position, at the permitted rate. */
  flatten: z.boolean().default(false),
});
/** A pull of the kill switch. */
export type Kill = z.input<typeof killSchema>;

/** Event of the socket's channel `orders`: an order as it stands now; the newest version counts. */
export const orderEventSchema = z.object({ order: orderSchema });
