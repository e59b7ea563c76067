import { accessEntities, CreateAccessTables1795305500000 } from '@strikewire/access/module';
import {
  brokerEntities,
  brokerSealedColumns,
  CreateAccountTables1795305650000,
  CreateFailoverTables1795306000001,
} from '@strikewire/broker/module';
import { CreateMarginTables1795306000021, marginEntities } from '@strikewire/margin/module';
import {
  CreateBuildTable1795305900000,
  CreateCloseTable1795306000050,
  CreateUnderlyingsTable1795305950000,
  CreateChainTables1795219200000,
  CreateDayEndTable1795305850000,
  CreateUniverseTable1795306000000,
  NameSkeletons1795306000010,
  optionChainEntities,
} from '@strikewire/option-chain/module';
import {
  CreateOrderTables1795306000011,
  CreatePaperTables1795306000031,
  CreateSettlementPrices1795306000040,
  paperEntities,
} from '@strikewire/orders/module';
import type { DatabaseOptions } from '@strikewire/platform';
import {
  CreateNotificationTables1795305700000,
  notificationEntities,
  notificationSealedColumns,
} from '@strikewire/platform/notifications';
import {
  CreateSecretTables1795305600000,
  secretEntities,
  secretSealedColumns,
  type SealedColumn,
} from '@strikewire/platform/secrets';
import {
  CreateHoursTables1795305750000,
  CreateSessionTables1795305800000,
  tradingHoursEntities,
} from '@strikewire/trading-hours/module';

/** Everything that is kept in the database. */
export const entities = [
  ...optionChainEntities,
  ...accessEntities,
  ...secretEntities,
  ...brokerEntities,
  ...notificationEntities,
  ...tradingHoursEntities,
  ...marginEntities,
  ...paperEntities,
] as DatabaseOptions['entities'];

/** How the database came to be as it is: one list in order of time, added to and never changed. */
export const migrations: DatabaseOptions['migrations'] = [
  CreateChainTables1795219200000,
  CreateAccessTables1795305500000,
  CreateSecretTables1795305600000,
  CreateAccountTables1795305650000,
  CreateNotificationTables1795305700000,
  CreateHoursTables1795305750000,
  CreateSessionTables1795305800000,
  CreateDayEndTable1795305850000,
  CreateBuildTable1795305900000,
  CreateUnderlyingsTable1795305950000,
  CreateUniverseTable1795306000000,
  CreateFailoverTables1795306000001,
  NameSkeletons1795306000010,
  CreateOrderTables1795306000011,
  CreateMarginTables1795306000021,
  CreatePaperTables1795306000031,
  CreateSettlementPrices1795306000040,
  CreateCloseTable1795306000050,
];

/** Where secrets lie sealed, for a change of the master key. */
export const sealedColumns: readonly SealedColumn[] = [
  ...secretSealedColumns,
  ...brokerSealedColumns,
  ...notificationSealedColumns,
];
