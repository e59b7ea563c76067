import { expect, it } from 'vitest';
import { agentLabel } from './agent-label';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64) Chrome/147.0 Safari/537.36', 'Chrome on Linux'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/605', 'Safari on iOS'],
  ['curl/8.9.1', 'curl'],
  ['', 'unknown'],
])('%s is %s', (agent, label) => expect(agentLabel(agent)).toBe(label));
