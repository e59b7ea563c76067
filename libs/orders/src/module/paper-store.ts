import type { BrokerTrade, OrderProduct } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import { In, MoreThanOrEqual, Not, type DataSource, type EntityManager } from 'typeorm';
import { hasPaperEnded, type PaperOrder } from '../core/paper-order';
import type { Position } from '../core/positions';
import {
  paperAccountEntity,
  paperOrderEntity,
  paperPositionEntity,
  paperTradeEntity,
} from './paper-entities';

/** What has to be known of a paper order to find it again; the rest is its own. */
export interface StoredPaperOrder {
  orderId: string;
  clientOrderId: string | null;
  order: PaperOrder;
  updatedMs: number;
}

/** The same of a fill. */
export interface StoredPaperTrade extends BrokerTrade {
  key: ContractKey;
  product: OrderProduct;
}

/** The same of a position. */
export interface StoredPaperPosition {
  position: Position;
}

/** One account, or what has changed of it. */
export interface StoredPaperChange<Order, Trade, Held> {
  userId: string;
  totals: { openingPaise: number; cashPaise: number; sequence: number };
  orders: readonly Order[];
  trades: readonly Trade[];
  positions: readonly Held[];
}

/** Where a paper market keeps its accounts. */
export interface PaperTables<Order, Trade, Held> {
  load(sinceMs: number): Promise<StoredPaperChange<Order, Trade, Held>[]>;
  save(change: StoredPaperChange<Order, Trade, Held>): Promise<void>;
}

/**
 * Paper accounts in Postgres. A change is one transaction, and the same change again leaves what is
 * there: an answer may have been lost.
 */
export function createPaperTables<
  Order extends StoredPaperOrder,
  Trade extends StoredPaperTrade,
  Held extends StoredPaperPosition,
>(source: DataSource): PaperTables<Order, Trade, Held> {
  return {
    // One state of all tables, whoever writes meanwhile.
    load: (sinceMs) => source.transaction('REPEATABLE READ', async (manager) => {
      const rows = await readRows(manager, new Date(sinceMs));
      return rows.accounts.map(({ userId, openingPaise, cashPaise, sequence }) => {
        const bodies = <Body>(of: readonly { userId: string; body: object }[]): Body[] =>
          of.filter((row) => row.userId === userId).map(({ body }) => body as Body);
        return {
          userId,
          totals: {
            openingPaise: Number(openingPaise),
            cashPaise: Number(cashPaise),
            sequence: Number(sequence),
          },
          orders: bodies<Order>(rows.orders),
          trades: bodies<Trade>(rows.trades),
          positions: bodies<Held>(rows.positions),
        };
      });
    }),
    save: (change) => source.transaction((manager) => writeChange(manager, change)),
  };
}

/** Positions that are open, or of contracts that were traded since: all that may still count. */
async function readRows(manager: EntityManager, since: Date) {
  const accounts = await manager.getRepository(paperAccountEntity)
    .find({ order: { userId: 'asc' } });
  const orders = await manager.getRepository(paperOrderEntity).find({
    where: [{ isLive: true }, { updatedAt: MoreThanOrEqual(since) }],
    order: { updatedAt: 'asc', orderId: 'asc' },
  });
  const trades = await manager.getRepository(paperTradeEntity).find({
    where: { tradedAt: MoreThanOrEqual(since) }, order: { tradedAt: 'asc', tradeId: 'asc' },
  });
  const contracts = [...new Set(trades.map(({ body }) => (body as StoredPaperTrade).key))];
  const positions = await manager.getRepository(paperPositionEntity).find({
    where: [{ netQuantity: Not('0') }, { contract: In(contracts) }],
    order: { contract: 'asc', product: 'asc' },
  });
  return { accounts, orders, trades, positions };
}

async function writeChange(
  manager: EntityManager,
  change: StoredPaperChange<StoredPaperOrder, StoredPaperTrade, StoredPaperPosition>,
): Promise<void> {
  const { userId, totals, orders, trades, positions } = change;
  await manager.getRepository(paperAccountEntity).upsert({
    userId,
    openingPaise: String(totals.openingPaise),
    cashPaise: String(totals.cashPaise),
    sequence: String(totals.sequence),
  }, ['userId']);
  if (orders.length > 0) {
    await manager.getRepository(paperOrderEntity).upsert(orders.map((body) => ({
      userId,
      orderId: body.orderId,
      clientOrderId: body.clientOrderId,
      isLive: !hasPaperEnded(body.order),
      updatedAt: new Date(body.updatedMs),
      body: body as object,
    })), ['userId', 'orderId']);
  }
  if (trades.length > 0) {
    const rows = trades.map((body) => ({
      userId, tradeId: body.tradeId, tradedAt: new Date(body.tradedMs), body: body as object,
    }));
    await manager.createQueryBuilder()
      .insert().into(paperTradeEntity).values(rows).orIgnore().execute();
  }
  if (positions.length > 0) {
    await manager.getRepository(paperPositionEntity).upsert(positions.map((body) => ({
      userId,
      contract: body.position.key,
      product: body.position.product,
      netQuantity: String(body.position.netQuantity),
      body: body as object,
    })), ['userId', 'contract', 'product']);
  }
}
