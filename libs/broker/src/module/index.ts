export { AccountStore } from './account-store';
export { Accounts, type AccountsDeps } from './accounts';
export { type ServedBroker } from './served-brokers';
export { BrokerModule } from './broker.module';
export { CreateAccountTables1795305650000 } from './create-account-tables.migration';
export { brokerEntities, brokerSealedColumns } from './entities';
