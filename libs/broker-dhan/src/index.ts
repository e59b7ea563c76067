export { dhanBroker } from './plugin';
