export { sleep, type Clock, type Timer } from './clock';
export {
  StrikewireError,
  errorCodeOf,
  errorKindOf,
  errorKinds,
  errorMessageOf,
  type ErrorKind,
  type ErrorOptions,
} from './error';
export type {
  Http,
  HttpHandler,
  HttpRequest,
  HttpResponse,
  HttpStream,
  ServedRequest,
  ServedResponse,
} from './http';
export { silentLog, type Log } from './log';
export { createSeededRandom, type Random } from './random';
export type {
  ClientSocketHandlers,
  OpenSocket,
  OpenSocketOptions,
  Site,
  Socket,
  SocketDecision,
  SocketHandler,
  SocketHandlers,
} from './socket';
