export { AccessModule } from './access.module';
export { openAccess, openActivityLog, type Access, type AccessOptions } from './access';
export { CreateAccessTables1795305500000 } from './create-access-tables.migration';
export { accessEntities } from './entities';
export { activityHeadFile } from './newest-entry';
export { resetPassword } from './reset-password';
