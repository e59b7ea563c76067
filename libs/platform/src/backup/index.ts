export { backUp, type BackupOptions, type BackupSummary } from './back-up';
export { type MigrationClass } from './connection';
export { findDatabase, type DatabasePlace, type FoundDatabase } from './find-database';
export { refuseOtherSessions } from './other-sessions';
export { restoreBackup, type RestoreOptions, type RestoreSummary } from './restore';
