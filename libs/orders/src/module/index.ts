export { CreateOrderTables1795306000011 } from './create-order-tables.migration';
export { CreatePaperTables1795306000031 } from './create-paper-tables.migration';
export { openOrders, type OpenedOrderService, type OpenOrdersDeps } from './open-orders';
export { type OrderService } from './order-service';
export { OrdersModule } from './orders.module';
export { createSettlementPrices, type SettlementPrices } from './settlement-prices';
export { CreateSettlementPrices1795306000040 } from './create-settlement-prices.migration';
export { PaperSettlements, type WaitingExpiry } from './paper-settlements';
export { PostgresJournal } from './postgres-journal';
export { paperEntities } from './paper-entities';
export {
  createPaperTables,
  type PaperTables,
  type StoredPaperChange,
  type StoredPaperOrder,
  type StoredPaperPosition,
  type StoredPaperTrade,
} from './paper-store';
