export { upstoxBroker } from './plugin';
