import { StrikewireError } from '@strikewire/runtime';
import type { RateGate } from '../../core/plugin';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';

/** Group G: the broker's limits, and a look back at everything that was asked. */
export const limitCases = defineCases([
  {
    id: 'G01',
    title: 'a burst of questions is answered in full, and breaks no rule',
    async run(bench) {
      const { harness, instance: { marketData } } = bench;
      const before = harness.violations();
      const main = bench.main();
      const underlying = await bench.named(main);
      const chains = main.expiries.slice(0, 4).flatMap((expiry) =>
        [0, 1].map(() => () => marketData.chain(underlying, expiry)));
      const prices = Array.from({ length: 4 }, () => () =>
        marketData.lastPrices([underlying.spot]));
      const all = [...chains, ...prices];
      const answers = await bench.ask(() => Promise.all<unknown>(all.map((ask) => ask())));
      claimEqual('answers', answers.length, all.length);
      claimEqual('breaches', harness.violations() - before, 0);
    },
  },
  {
    id: 'G02',
    title: 'a full subscription of the main chains breaks no rule',
    async run(bench) {
      const { harness } = bench;
      const before = harness.violations();
      const most = bench.plugin.limits.feed.instrumentsPerSocketMax;
      const legs = bench.main().expiries.flatMap((expiry) =>
        harness.truth().chain(bench.main(), expiry)?.flatMap(({ CE, PE }) => [CE, PE]) ?? []);
      const items = legs.slice(0, most).map(({ token }) => ({ token, mode: 'full' as const }));
      const watch = await bench.openFeed(items);
      await harness.pause(false);
      await harness.advance(3_000);
      claim(watch.ticks() > 0, 'no tick came');
      claimEqual('breaches', harness.violations() - before, 0);
    },
  },
  {
    id: 'G03',
    title: 'the priority of a chain reaches the budget',
    async run(bench) {
      const { evidence, instance: { marketData } } = bench;
      const main = bench.main();
      const underlying = await bench.named(main);
      const before = evidence.slots.length;
      await bench.ask(() => marketData.chain(underlying, main.expiries[0] ?? '', 7));
      const found = evidence.slots.slice(before).map(({ priority }) => priority ?? 0);
      claim(found.includes(7), `the priorities were ${found.join(', ')}, needs 7 among them`);
    },
  },
  {
    id: 'G04',
    title: 'a budget that is full is throttled, and nothing is sent',
    async run(bench) {
      const main = await bench.named(bench.main());
      const gate: RateGate = {
        run: () => Promise.reject(new StrikewireError({
          kind: 'throttled', code: 'budget_full', message: 'the budget is full',
        })),
      };
      const full = bench.create(bench.currentCredentials, { ...bench.deps, gate });
      const before = bench.evidence.requests;
      await bench.refused('the test', () => full.check(), ['throttled']);
      const ask = () => full.marketData.expiries(main);
      await bench.refused('expiries', ask, ['throttled']);
      claimEqual('requests', bench.evidence.requests - before, 0);
    },
  },
  {
    id: 'G05',
    title: 'every place in the budget is of a class that the limits name',
    run({ plugin, evidence: { slots } }) {
      const known = new Set(plugin.limits.rest.map((rule) => rule.class));
      claim(slots.length > 0, 'nothing was asked through the gate');
      const strange = slots.map((slot) => slot.class).filter((name) => !known.has(name));
      claimNone('classes that are not declared', [...new Set(strange)]);
    },
  },
  {
    id: 'G06',
    title: 'no request with credentials has gone past the gate',
    run: ({ evidence }) => claimNone('requests', [...new Set(evidence.ungated)]),
  },
  {
    id: 'G07',
    title: 'every request has a limit of time and of size',
    run: ({ evidence }) => claimNone('requests', [...new Set(evidence.unbounded)]),
  },
  {
    id: 'G08',
    title: 'no error, no line of the log and no report has had a secret in it',
    run: ({ evidence }) => claimNone('texts', evidence.leaks()),
  },
  {
    id: 'G09',
    title: 'the broker has counted no breach of its rules',
    run: ({ harness }) => claimEqual('breaches', harness.violations(), 0),
  },
]);
