import { accessEntities, CreateAccessTables1795305500000 } from '@strikewire/access/module';
import {
  brokerEntities,
  brokerSealedColumns,
  CreateAccountTables1795305650000,
} from '@strikewire/broker/module';
import {
  CreateBuildTable1795305900000,
  CreateUnderlyingsTable1795305950000,
  CreateChainTables1795219200000,
  CreateDayEndTable1795305850000,
  CreateUniverseTable1795306000000,
  optionChainEntities,
} from '@strikewire/option-chain/module';
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
];

/** Where secrets lie sealed, for a change of the master key. */
export const sealedColumns: readonly SealedColumn[] = [
  ...secretSealedColumns,
  ...brokerSealedColumns,
  ...notificationSealedColumns,
];
