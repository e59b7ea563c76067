/**
 * Requests per second of `GET /api/optionchain/live` for a 100-strike chain, while the market
 * ticks, against a bare Node server that returns the same bytes. Rounds take turns, so that both
 * meet the same machine; the medians count.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { reportBench } from '../../tools/bench/report';
import { setup } from '../../tools/services/postgres-setup';
import { eventually, startRealPlatform } from '../support/real-platform';

const connections = 32;
const rounds = 5;
const roundSeconds = 3;

async function bareServer(body: string): Promise<{ url: string; stop(): void }> {
  const child = fork(join(import.meta.dirname, 'bare-server.mjs'));
  child.send(body);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.disconnect() };
}

async function requestsPerSecond(url: string): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: roundSeconds,
    headers: platform.headers,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: failed requests`);
  return result.requests.average;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const stopDatabase = await setup();
const platform = await startRealPlatform({
  ticksPerSecond: 2_000,
  env: { STRIKEWIRE_REQUESTS_PER_MINUTE: '1000000000' },
});
const path = '/api/optionchain/live?underlying=NIFTY';
const live = platform.url(path);
try {
  const body = await eventually(
    async () => (await platform.fetch(path)).text(),
    (text) => text.includes('"stale":false'),
  );
  const bare = await bareServer(body);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await requestsPerSecond(live));
    theirs.push(await requestsPerSecond(bare.url));
  }
  bare.stop();
  reportBench({
    name: 'snapshot vs bare Node server',
    unit: 'requests/s',
    value: median(ours),
    baseline: median(theirs),
    note: `${Math.round(body.length / 1024)} KiB, ${connections} connections`,
  });
} finally {
  await platform.stop();
  await stopDatabase?.();
}
