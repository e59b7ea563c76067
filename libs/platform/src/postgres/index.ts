export { startPostgres, type PostgresOptions } from './start-postgres';
export { type RunningPostgres } from './supervisor';
