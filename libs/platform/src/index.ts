export { openDatabase, type DatabaseOptions } from './database/data-source';
export { clientErrorAnswer, closingAnswer } from './http/client-error';
export { matchesEntityTag } from './http/entity-tag';
export { errorAnswer, type ErrorAnswer } from './http/error-answer';
export { isPlainPath } from './http/plain-path';
export { useOriginForm } from './http/request-target';
export {
  accessLevels,
  guardRoutes,
  type Access,
  type CallerLevel,
  type RouteAccess,
} from './http/route-access';
export { isLoopbackHost, isSameOrigin } from './http/same-origin';
export { createPinoLog, scrubText } from './log/pino-log';
