import { simulatedBrokers } from './brokers';
import { conformanceTests } from './conformance-tests';

conformanceTests(simulatedBrokers.dhan, ['C13', 'F15', 'F16']);
