import { simulatedBrokers } from './brokers';
import { conformanceTests } from './conformance-tests';

conformanceTests(simulatedBrokers.upstox, ['C13', 'F13', 'F14', 'F19']);
