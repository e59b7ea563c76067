import {
  executionSchema,
  exitAnalysesSchema,
  orderPreviewSchema,
  ordersSchema,
  positionDifferencesSchema,
  positionsSchema,
  tradesSchema,
  tradingSchema,
  waitingSettlementsSchema,
  type AdoptPosition,
  type Execution,
  type Exit,
  type ExitAnalyses,
  type Kill,
  type NewOrders,
  type OrderChangeBody,
  type OrderPreview,
  type OrderSettle,
  type Orders,
  type OrderTrial,
  type PositionDifferences,
  type Positions,
  type SettlementPrice,
  type Trades,
  type Trading,
  type WaitingSettlements,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** Orders, what they came to, and whether any may be placed: for those who trade. */
export interface OrdersApi {
  /** Where orders may go. */
  trading(): Promise<Trading>;
  /** The same `requestId` again places nothing. */
  place(orders: NewOrders): Promise<Orders>;
  /** What they would do; nothing is sent. */
  preview(trial: OrderTrial): Promise<OrderPreview>;
  /** Of the last days, today being 0. */
  list(days: number): Promise<Orders>;
  change(id: string, change: OrderChangeBody): Promise<void>;
  cancel(id: string): Promise<void>;
  cancelAll(account: string): Promise<void>;
  /** The broker never had it, or so much was filled, says a person who has looked. */
  settle(id: string, found: OrderSettle): Promise<void>;
  trades(days: number): Promise<Trades>;
  positions(): Promise<Positions>;
  /** Positions that are others at their brokers, as compared last. */
  differences(): Promise<PositionDifferences>;
  /** The same after the broker of an account was asked. */
  compare(account: string): Promise<PositionDifferences>;
  /** What the broker holds is held here, too; for admins. */
  adopt(position: AdoptPosition): Promise<void>;
  /** Expiries that paper positions wait for; for admins. */
  settlements(): Promise<WaitingSettlements>;
  stateSettlement(price: SettlementPrice): Promise<void>;
  /** The orders that close it. */
  exit(exit: Exit): Promise<Orders>;
  /** How the positions of an account would be left now. */
  exits(account: string): Promise<ExitAnalyses>;
  execution(query: { contract: string; side: string; quantity: number }): Promise<Execution>;
  /** Whether live orders go to an account, for admins. */
  setLive(account: string, live: boolean): Promise<void>;
  /** Stops every order path. */
  kill(kill: Kill): Promise<void>;
  /** Orders are taken again, for admins. */
  release(): Promise<void>;
}

export function ordersApi(call: Call, gate: StepUpGate): OrdersApi {
  const act = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    gate.pass(() => call.none({ method, path, ...(body !== undefined && { body }) }));
  const post = (path: string, body: unknown) => ({ method: 'POST', path, body }) as const;
  const get = (path: string, query?: Record<string, string>) =>
    ({ method: 'GET', path, ...(query && { query }) }) as const;
  return {
    trading: () => call(get('trading'), tradingSchema),
    place: (body) => gate.pass(() => call(post('orders', body), ordersSchema)),
    preview: (body) => call(post('orders/preview', body), orderPreviewSchema),
    list: (days) => call(get('orders', { days: String(days) }), ordersSchema),
    change: (id, body) => act('PATCH', `orders/${id}`, body),
    cancel: (id) => act('DELETE', `orders/${id}`),
    cancelAll: (account) => act('POST', 'orders/cancel-all', { account }),
    settle: (id, found) => act('POST', `orders/${id}/settle`, found),
    trades: (days) => call(get('trades', { days: String(days) }), tradesSchema),
    positions: () => call(get('positions'), positionsSchema),
    differences: () => call(get('positions/differences'), positionDifferencesSchema),
    compare: (account) =>
      gate.pass(() => call(post('positions/compare', { account }), positionDifferencesSchema)),
    adopt: (body) => act('POST', 'positions/adopt', body),
    settlements: () => call(get('settlements'), waitingSettlementsSchema),
    stateSettlement: (body) => act('POST', 'settlements', body),
    exit: (body) => gate.pass(() => call(post('positions/exit', body), ordersSchema)),
    exits: (account) => call(get('positions/exit-analysis', { account }), exitAnalysesSchema),
    execution: ({ quantity, ...query }) =>
      call(get('execution', { ...query, quantity: String(quantity) }), executionSchema),
    setLive: (account, live) => act('PUT', `accounts/${account}/live`, { live }),
    kill: (body) => act('POST', 'kill-switch', body),
    release: () => act('DELETE', 'kill-switch'),
  };
}
