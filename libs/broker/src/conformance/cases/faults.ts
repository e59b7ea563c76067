import type { ErrorKind } from '@strikewire/runtime';
import type { ConformanceBench } from '../bench';
import { defineCases } from '../case';
import { claim, claimKind } from '../claims';
import type { ConformanceFault } from '../harness';

/** A question that hangs is given up by then, its wait in the budget included. */
const hangMsMax = 90_000;
const asked = ['expiries', 'chain', 'lastPrices', 'check'] as const;

/** Group H, first half: the broker's REST side is not itself. */
export const faultCases = defineCases([
  {
    id: 'H01',
    title: 'status 500 is retryable',
    faults: ['status'],
    run: (bench) => claimAll(bench, { kind: 'status', status: 500 }, ['retryable']),
  },
  {
    id: 'H02',
    title: 'status 503 is retryable',
    faults: ['status'],
    run: (bench) => claimAll(bench, { kind: 'status', status: 503 }, ['retryable']),
  },
  {
    id: 'H03',
    title: 'status 429 is throttled',
    faults: ['status'],
    run: (bench) => claimAll(bench, { kind: 'status', status: 429 }, ['throttled']),
  },
  {
    id: 'H04',
    title: 'status 401 is unauthenticated',
    faults: ['status'],
    run: (bench) => claimAll(bench, { kind: 'status', status: 401 }, ['unauthenticated']),
  },
  {
    id: 'H05',
    title: 'a page in HTML is retryable',
    faults: ['html'],
    run: (bench) => claimAll(bench, { kind: 'html' }, ['retryable']),
  },
  {
    id: 'H06',
    title: 'success with nothing in it is retryable, never an empty chain',
    faults: ['empty'],
    run: (bench) => claimAll(bench, { kind: 'empty' }, ['retryable']),
  },
  {
    id: 'H07',
    title: 'no answer is retryable, within the time limit',
    faults: ['hang'],
    async run(bench) {
      const ask = await questions(bench);
      await bench.harness.inject({ kind: 'hang' });
      const { clock } = bench.deps;
      for (const name of asked) {
        const startMs = clock.monoMs();
        await bench.refused(name, ask[name], ['retryable']);
        const tookMs = clock.monoMs() - startMs;
        claim(tookMs <= hangMsMax, `${name} took ${tookMs} ms, needs ${hangMsMax} at most`);
      }
    },
  },
  {
    id: 'H08',
    title: 'what failed works again once the broker does',
    faults: ['status'],
    async run(bench) {
      const ask = await questions(bench);
      await bench.harness.inject({ kind: 'status', status: 502 });
      for (const name of asked) await bench.refused(name, ask[name], ['retryable']);
      await bench.harness.clear();
      for (const name of asked) await bench.ask<unknown>(ask[name]);
    },
  },
  {
    id: 'H09',
    title: 'a list of instruments that failed is retryable, and asked for anew',
    faults: ['status'],
    async run(bench) {
      const { marketData } = bench.create();
      await bench.harness.inject({ kind: 'status', status: 500 });
      // Lists may lie on a host of their own, which the fault need not reach.
      await bench.ask(() => marketData.underlyings()).catch((error: unknown) =>
        claimKind('the list', error, ['retryable']));
      await bench.harness.clear();
      const { length } = await bench.ask(() => marketData.underlyings());
      claim(length > 0, 'the list was empty afterwards');
    },
  },
]);

async function questions(
  bench: ConformanceBench,
): Promise<Record<(typeof asked)[number], () => Promise<unknown>>> {
  const main = bench.main();
  const underlying = await bench.named(main);
  // Metadata that questions need have been loaded before anything goes wrong.
  await bench.mainPairs();
  const { marketData } = bench.instance;
  return {
    expiries: () => marketData.expiries(underlying),
    chain: () => marketData.chain(underlying, main.expiries[0] ?? ''),
    lastPrices: () => marketData.lastPrices([underlying.spot]),
    check: () => bench.instance.check(),
  };
}

async function claimAll(
  bench: ConformanceBench,
  fault: ConformanceFault,
  kinds: readonly ErrorKind[],
): Promise<void> {
  const ask = await questions(bench);
  await bench.harness.inject(fault);
  for (const name of asked) await bench.refused(name, ask[name], kinds);
}
