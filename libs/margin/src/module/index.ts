export { CreateMarginTables1795306000021 } from './create-margin-tables.migration';
export { marginEntities } from './entities';
export { MarginModule } from './margin.module';
export { MarginService, type MarginReader } from './margin-service';
export type { MarginModuleDeps } from './margin-module-deps';
export { openMargin, type MarginServices } from './open-margin';
export { addRiskFileRoute } from './risk-file-routes';
export { RiskFileShelf } from './risk-file-shelf';
