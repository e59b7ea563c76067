// Runs the kit on the plugin, in virtual time, before the broker's side that is scripted here.
import { reportText, runConformance } from '@strikewire/broker/conformance';
import { createRateBudget } from '@strikewire/broker/engine';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import { limits } from './limits.mjs';
import { exampleBroker } from './plugin.mjs';
import { ScriptedBroker } from './scripted-broker.mjs';

const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
const network = createMemoryNetwork({ clock, latencyMs: 5 });
const broker = new ScriptedBroker(clock, createSeededRandom(5));
network.host('example.test', broker.site);

const report = await runConformance(exampleBroker, {
  deps: {
    clock, random: createSeededRandom(1), http: network.http, log: silentLog,
    gate: createRateBudget(clock, limits.rest),
  },
  openSocket: network.openSocket,
  credentials: { login: 'somebody', accessToken: 'a-good-token' },
  wrongCredentials: { login: 'somebody', accessToken: 'a-wrong-token' },
  credentialsWithoutData: { login: 'another', accessToken: 'an-unpaid-token' },
  // Tokens live until there is another one.
  tokenEndMs: () => null,
  endpoints: { rest: 'http://example.test', feed: 'ws://example.test/feed' },
  advance: (ms) => clock.advance(ms),
  pause: (isPaused) => void (broker.market.isPaused = isPaused),
  faults: [
    'drop', 'mute', 'refuse', 'expiredToken', 'suspended', 'status', 'html', 'empty', 'hang',
    'corrupt', 'torn', 'duplicate', 'late', 'listExpiries',
  ],
  inject: (fault) => broker.inject(fault),
  clear: () => broker.faults.clear(),
  truth: () => broker.market.truth(),
  violations: () => broker.violations,
});
console.log(reportText(report));
process.exitCode = report.failed > 0 ? 1 : 0;
