export {
  actedBy,
  actorName,
  byPlatform,
  type ActedBy,
  type ActivityEntry,
  type ActivityRecorder,
} from './activity/activity-recorder';
export { openDatabase, type DatabaseOptions } from './database/data-source';
export {
  takePlatformLock,
  type PlatformLock,
  type PlatformLockOptions,
} from './database/platform-lock';
export { createTurns, type InTurn } from './database/in-turn';
export { clientErrorAnswer, closingAnswer } from './http/client-error';
export { matchesEntityTag } from './http/entity-tag';
export { errorAnswer, type ErrorAnswer } from './http/error-answer';
export { isPlainPath } from './http/plain-path';
export { useOriginForm } from './http/request-target';
export { refusalOf } from './http/access-check';
export { acceptJsonBodies } from './http/json-body';
export { callerAddress } from './http/caller-address';
export { RateWindow } from './http/rate-window';
export { callerKey, nobody, type Caller, type KeyHolder, type Person } from './http/caller';
export { guardRoutes, type GuardedRoute, type GuardOptions } from './http/guard-routes';
export {
  accessLevels,
  accessRules,
  routeOf,
  type Access,
  type AccessRule,
  type RouteContract,
} from './http/route-contract';
export { createOriginPolicy, type OriginPolicy } from './http/origin-policy';
export {
  admitUpgrade,
  callerOfUpgrade,
  type UpgradeGuard,
} from './http/upgrade-caller';
export { allowOrigins } from './http/allow-origins';
export { limitRates } from './http/rate-limit';
export { describeRoutes, docsPath } from './http/api-description';
export { createPinoLog, scrubFacts, scrubText } from './log/pino-log';
