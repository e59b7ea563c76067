export { messageRules } from './client-session';
export { CreateChainTables1795219200000 } from './create-chain-tables.migration';
export { CreateDayEndTable1795305850000 } from './create-day-end-table.migration';
export { optionChainEntities } from './entities';
export { addLiveRoute } from './live-route';
export { OptionChainModule } from './option-chain.module';
export { createPostgresRegistry } from './postgres-registry';
export { addSocketRoutes, socketRules } from './socket-route';
