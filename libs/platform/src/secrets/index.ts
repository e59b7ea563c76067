export { checkMasterKey } from './check-master-key';
export { CreateSecretTables1795305600000 } from './create-secret-tables.migration';
export {
  platformSecretEntity,
  secretEntities,
  secretSealedColumns,
  type PlatformSecretRow,
} from './entities';
export { type RandomBytes } from './key-file';
export { loadMasterKey, type MasterKeySource } from './load-master-key';
export { masterKeyOf, type MasterKey, type MasterKeys } from './master-key';
export { rewrapColumns, type RewrapCount, type SealedColumn } from './rewrap-columns';
export { rotateKeyFile } from './rotate-key-file';
export { isSealed } from './sealed-text';
export { createSecretShelf, type SecretShelf } from './secret-shelf';
export { createVault, secretBytesMax, type Vault } from './vault';
