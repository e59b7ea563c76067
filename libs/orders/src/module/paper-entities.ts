import { EntitySchema } from 'typeorm';

/** A paper account; `bigint` columns come as text. */
export interface PaperAccountRow {
  userId: string;
  openingPaise: string;
  cashPaise: string;
  sequence: string;
}

export const paperAccountEntity = new EntitySchema<PaperAccountRow>({
  name: 'paper_account',
  columns: {
    userId: { name: 'user_id', type: 'text', primary: true },
    openingPaise: { name: 'opening_paise', type: 'bigint' },
    cashPaise: { name: 'cash_paise', type: 'bigint' },
    sequence: { type: 'bigint' },
  },
});

/** An order of a paper account; the body is the whole of it. */
export interface PaperOrderRow {
  userId: string;
  orderId: string;
  clientOrderId: string | null;
  isLive: boolean;
  updatedAt: Date;
  body: object;
}

export const paperOrderEntity = new EntitySchema<PaperOrderRow>({
  name: 'paper_order',
  columns: {
    userId: { name: 'user_id', type: 'text', primary: true },
    orderId: { name: 'order_id', type: 'text', primary: true },
    clientOrderId: { name: 'client_order_id', type: 'text', nullable: true },
    isLive: { name: 'is_live', type: 'boolean' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
    body: { type: 'jsonb' },
  },
});

/** A fill of a paper account. */
export interface PaperTradeRow {
  userId: string;
  tradeId: string;
  tradedAt: Date;
  body: object;
}

export const paperTradeEntity = new EntitySchema<PaperTradeRow>({
  name: 'paper_trade',
  columns: {
    userId: { name: 'user_id', type: 'text', primary: true },
    tradeId: { name: 'trade_id', type: 'text', primary: true },
    tradedAt: { name: 'traded_at', type: 'timestamptz' },
    body: { type: 'jsonb' },
  },
});

/** What a paper account holds of one contract in one product. */
export interface PaperPositionRow {
  userId: string;
  contract: string;
  product: string;
  netQuantity: string;
  body: object;
}

export const paperPositionEntity = new EntitySchema<PaperPositionRow>({
  name: 'paper_position',
  columns: {
    userId: { name: 'user_id', type: 'text', primary: true },
    contract: { type: 'text', primary: true },
    product: { type: 'text', primary: true },
    netQuantity: { name: 'net_quantity', type: 'bigint' },
    body: { type: 'jsonb' },
  },
});

/** Everything that paper accounts are stored in. */
export const paperEntities = [
  paperAccountEntity,
  paperOrderEntity,
  paperTradeEntity,
  paperPositionEntity,
];
