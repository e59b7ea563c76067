export { openalgoBroker } from './plugin';
