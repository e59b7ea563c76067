export { createNodeClock } from './clock';
export { createNodeHttp } from './http';
export { nodeOpenSocket } from './open-socket';
export { createNodeRandom } from './random';
export { createNodeSecureRandom } from './secure-random';
export { serveSite, type ServedSite } from './serve';
