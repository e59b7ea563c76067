import { positionKey } from '@strikewire/orders';
import type { PaperChange, PaperPositionRecord, PaperStore, PaperTotals } from './paper-ports';
import { isLive, type PaperOrderRecord, type PaperTradeRecord } from './paper-record';

interface StoredAccount {
  totals: PaperTotals;
  orders: Map<string, PaperOrderRecord>;
  trades: Map<string, PaperTradeRecord>;
  positions: Map<string, PaperPositionRecord>;
}

/** A store in memory, for tests: it outlives the markets that are opened over it. */
export function createMemoryPaperStore(): PaperStore {
  const accounts = new Map<string, StoredAccount>();
  return {
    load: (sinceMs) => Promise.resolve([...accounts].map(([userId, one]): PaperChange => ({
      userId,
      totals: one.totals,
      orders: [...one.orders.values()]
        .filter((record) => isLive(record) || record.updatedMs >= sinceMs),
      trades: [...one.trades.values()].filter(({ tradedMs }) => tradedMs >= sinceMs),
      positions: [...one.positions.values()],
    }))),
    save({ userId, totals, orders, trades, positions }) {
      const held = accounts.get(userId);
      const account: StoredAccount = held ?? {
        totals, orders: new Map(), trades: new Map(), positions: new Map(),
      };
      accounts.set(userId, account);
      account.totals = totals;
      for (const record of orders) account.orders.set(record.orderId, record);
      for (const trade of trades) account.trades.set(trade.tradeId, trade);
      for (const one of positions) {
        account.positions.set(positionKey(one.position.key, one.position.product), one);
      }
      return Promise.resolve();
    },
  };
}
