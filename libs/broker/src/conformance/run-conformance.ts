import { errorMessageOf } from '@strikewire/runtime';
import type { AnyBrokerPlugin } from '../core/plugin';
import { ConformanceBench } from './bench';
import type { ConformanceCase, ConformanceNeed } from './case';
import { conformanceCases } from './cases';
import type { ConformanceHarness } from './harness';
import type { CaseResult, ConformanceReport } from './report';

/** What of the kit is run, and who hears of it. */
export interface ConformanceOptions {
  /** Ids of cases or letters of groups; all when not given. */
  only?: readonly string[];
  /** Hears of each case when it has ended. */
  log?(result: CaseResult): void;
}

/**
 * Tries a plugin, case by case, before its broker's side. Never rejects because of the plugin: what
 * it does wrong is in the report. The same plugin and harness may not be in use elsewhere.
 */
export async function runConformance(
  plugin: AnyBrokerPlugin,
  harness: ConformanceHarness,
  { only, log }: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const bench = new ConformanceBench(plugin, harness);
  const results: CaseResult[] = [];
  for (const one of conformanceCases) {
    if (only && !only.includes(one.id) && !only.includes(one.id.slice(0, 1))) continue;
    const result = await runCase(bench, one);
    results.push(result);
    log?.(result);
  }
  const count = (outcome: CaseResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    broker: plugin.id,
    contract: plugin.contract,
    results,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
}

async function runCase(bench: ConformanceBench, one: ConformanceCase): Promise<CaseResult> {
  const { id, title } = one;
  const failed = (error: unknown): CaseResult => {
    bench.evidence.noteError(error);
    return { id, title, outcome: 'failed', reason: errorMessageOf(error) };
  };
  try {
    const reason = reasonToSkip(bench, one);
    if (reason !== undefined) return { id, title, outcome: 'skipped', reason };
  } catch (error) {
    return failed(error);
  }
  try {
    await one.run(bench);
    return { id, title, outcome: 'passed' };
  } catch (error) {
    return failed(error);
  } finally {
    await bench.tidy();
  }
}

function reasonToSkip(
  bench: ConformanceBench,
  { needs, faults = [] }: ConformanceCase,
): string | undefined {
  const { harness } = bench;
  if (needs !== undefined && !meets(bench, needs)) return `declared: ${withoutIt[needs]}`;
  const isOfOrders = needs !== undefined && orderNeeds.has(needs);
  if (isOfOrders && !harness.orders) return 'the harness has no order side';
  const lacking = needs === undefined ? undefined : lackingTruth(harness, needs);
  if (lacking !== undefined) return `the harness does not tell: ${lacking}`;
  const missing = faults.find((kind) => !harness.faults.includes(kind));
  return missing === undefined ? undefined : `the harness cannot do: ${missing}`;
}

/** What a harness made for an earlier kit has not got. */
function lackingTruth(harness: ConformanceHarness, need: ConformanceNeed): string | undefined {
  switch (need) {
    case 'futures':
      return harness.truth().futures ? undefined : 'futures';
    case 'tokenEnd':
      return harness.tokenEndMs ? undefined : 'tokenEndMs';
    case 'dataPlan':
      return harness.credentialsWithoutData ? undefined : 'credentialsWithoutData';
    case 'tradeTimes': {
      const truth = harness.truth();
      const legs = truth.underlyings().flatMap((one) =>
        truth.chain(one, one.expiries[0] ?? '')?.slice(0, 1).map(({ CE }) => CE) ?? []);
      return legs.some(({ tradeMs }) => tradeMs !== undefined) ? undefined : 'tradeMs';
    }
    default:
      return undefined;
  }
}

const withoutIt: Readonly<Record<ConformanceNeed, string>> = {
  depth: 'no depth',
  brokerGreeks: 'no Greeks of the broker',
  noBrokerGreeks: 'Greeks of the broker',
  tokenRenewal: 'no renewal of tokens',
  browserSignIn: 'no sign-in at the broker\'s page',
  orders: 'no orders',
  orderTags: 'no orders, or none that keep the platform\'s id',
  orderFeed: 'no feed of orders',
  margin: 'no margin',
  tradeTimes: 'its feed does not tell when trades were',
  volumes: 'its feed does not tell volumes',
  futures: 'it lists no futures',
  tokenEnd: 'it does not tell when a token ends',
  suspension: 'it does not tell a blocked account from a bad token',
  dataPlan: 'it does not tell whether market data are paid for',
};
const orderNeeds: ReadonlySet<ConformanceNeed> =
  new Set(['orders', 'orderTags', 'orderFeed', 'margin']);

function meets(bench: ConformanceBench, need: ConformanceNeed): boolean {
  const { capabilities } = bench.plugin;
  switch (need) {
    case 'depth':
      return capabilities.depthLevels > 0;
    case 'brokerGreeks':
      return capabilities.brokerGreeks;
    case 'noBrokerGreeks':
      return !capabilities.brokerGreeks;
    case 'tokenRenewal':
      return capabilities.tokenRenewal === true;
    case 'browserSignIn':
      return capabilities.browserSignIn === true;
    case 'orders':
      return bench.instance.orders !== undefined;
    case 'orderTags':
      return bench.instance.orders !== undefined && capabilities.orderTags !== false;
    case 'orderFeed':
      return bench.instance.orders !== undefined && bench.instance.orderFeed !== undefined;
    case 'margin':
      return bench.instance.margin !== undefined;
    default:
      return capabilities.untold?.includes(need) !== true;
  }
}
