export { openDatabase, type DatabaseOptions } from './database/data-source';
export { errorAnswer, type ErrorAnswer } from './http/error-answer';
export {
  accessLevels,
  guardRoutes,
  type Access,
  type CallerLevel,
  type RouteAccess,
} from './http/route-access';
export { isLoopbackHost, isSameOrigin } from './http/same-origin';
export { createPinoLog, scrubText } from './log/pino-log';
