import { simulatedBrokers } from './brokers';
import { conformanceTests } from './conformance-tests';

conformanceTests(simulatedBrokers.openalgo, [
  'C12', 'F13', 'F14', 'F15', 'F16', 'F19', 'J03', 'J16',
]);
