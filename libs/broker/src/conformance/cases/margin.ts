import type { MarginFigures, MarginLeg } from '../../core/margin-port';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';
import type { ConformanceBench } from '../bench';
import { marginOf, triedContract } from '../order-trials';

/** Group K: what the broker blocks, and what is free. */
export const marginCases = defineCases([
  {
    id: 'K01',
    title: 'a short option has a margin, in whole paise',
    needs: 'margin',
    async run(bench) {
      const figures = await bench.ask(() => marginOf(bench).required([legsOf(bench).short]));
      claim(figures.requiredPaise > 0, `it was ${figures.requiredPaise}, needs to be above 0`);
      claimFigures(figures);
    },
  },
  {
    id: 'K02',
    title: 'a leg at the market\'s price has one too',
    needs: 'margin',
    async run(bench) {
      const leg = { ...legsOf(bench).short, pricePaise: null };
      const figures = await bench.ask(() => marginOf(bench).required([leg]));
      claim(figures.requiredPaise > 0, `it was ${figures.requiredPaise}, needs to be above 0`);
    },
  },
  {
    id: 'K03',
    title: 'legs together cost no more than one by one',
    needs: 'margin',
    async run(bench) {
      const { short, long } = legsOf(bench);
      const margin = marginOf(bench);
      if (margin.legsMax < 2) return;
      const ask = async (...legs: MarginLeg[]): Promise<number> => {
        const figures = await bench.ask(() => margin.required(legs));
        claimFigures(figures);
        return figures.requiredPaise;
      };
      const [alone, other] = [await ask(short), await ask(long)];
      const together = await ask(short, long);
      const isSound = together > 0 && together <= alone + other + 100;
      claim(isSound, `${together} paise together, ${alone} and ${other} one by one`);
    },
  },
  {
    id: 'K04',
    title: 'no legs, too many, and legs of nothing are invalid, and nothing is sent',
    needs: 'margin',
    async run(bench) {
      const margin = marginOf(bench);
      const { short } = legsOf(bench);
      const before = bench.evidence.requests;
      const many = Array.from({ length: margin.legsMax + 1 }, () => short);
      for (const legs of [[], many, [{ ...short, quantity: 0 }]]) {
        await bench.refused(`${legs.length} legs`, () => margin.required(legs), ['invalid']);
      }
      claimEqual('requests', bench.evidence.requests - before, 0);
    },
  },
  {
    id: 'K05',
    title: 'the funds are what is free',
    needs: 'margin',
    async run(bench) {
      const { availablePaise, usedPaise } = await bench.ask(() => marginOf(bench).funds());
      claimEqual('free paise', availablePaise, Math.round(
        bench.harness.orders?.availablePaise() ?? NaN));
      claim(Number.isInteger(usedPaise), `used were ${usedPaise} paise, needs a whole number`);
    },
  },
  {
    id: 'K06',
    title: 'questions that fail are errors of their kind',
    needs: 'margin',
    faults: ['status', 'html', 'empty'],
    async run(bench) {
      const margin = marginOf(bench);
      const { short } = legsOf(bench);
      const faults = [
        [{ kind: 'status', status: 500 }, 'retryable'],
        [{ kind: 'status', status: 429 }, 'throttled'],
        [{ kind: 'html' }, 'retryable'],
        [{ kind: 'empty' }, 'retryable'],
      ] as const;
      for (const [fault, kind] of faults) {
        await bench.harness.inject(fault);
        await bench.refused('margin', () => margin.required([short]), [kind]);
        await bench.refused('funds', () => margin.funds(), [kind]);
        await bench.harness.clear();
      }
    },
  },
  {
    id: 'K07',
    title: 'figures that cannot be are an error, and no margin',
    needs: 'margin',
    faults: ['absurdMargin'],
    async run(bench) {
      await bench.harness.inject({ kind: 'absurdMargin' });
      const ask = () => marginOf(bench).required([legsOf(bench).short]);
      await bench.refused('margin', ask, ['retryable']);
    },
  },
]);

function legsOf(bench: ConformanceBench): { short: MarginLeg; long: MarginLeg } {
  const { leg, further, lot } = triedContract(bench);
  const of = ({ token, bidPaise }: typeof leg, side: MarginLeg['side']): MarginLeg =>
    ({ token, side, quantity: lot, product: 'carry', pricePaise: bidPaise });
  return { short: of(leg, 'SELL'), long: of(further, 'BUY') };
}

function claimFigures(figures: MarginFigures): void {
  const wrong = Object.entries(figures).filter(([, value]) =>
    value !== null && !(Number.isInteger(value) && (value as number) >= 0));
  claimNone('figures', wrong.map(([name, value]) => `${name} was ${String(value)}`));
}
