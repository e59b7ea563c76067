import { createMemoryStateStore, StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { future, july, lot, option } from '../core/testing/margin-fixture';
import type { MarginPosition } from '../core/margin-position';
import { FakeMargin, figuresOf, openRig } from './testing/desk-fixture';

const soldCall = option('CE', 23_700, -lot, [437.65]);
const hedge = option('CE', 24_200, lot, [246.65]);
const soldPut = option('PE', 23_700, -lot, [505.35]);
const lines = [soldCall, hedge, soldPut, future(lot), option('CE', 23_700, lot, [647.1, july])];
const of = (line: MarginPosition, quantity: number): MarginPosition => ({ ...line, quantity });
const ask = (held: MarginPosition[], intended: MarginPosition[] = [], account = 'live') =>
  ({ account, held, intended });
const rupees = (paise: number | null): number | null => paise && Math.round(paise / 100);

describe('questions to a broker', () => {
  it('costs one for a set that is new, none for one that is known', async () => {
    const { desk, margin } = openRig(lines);
    const first = await desk.assess(ask([], [soldCall]), 'order');
    expect(margin.asked).toEqual([`SELL 65 ${soldCall.key}`]);
    expect(first.broker?.figures.requiredPaise).toBe(6_500_000);
    const again = await desk.assess(ask([], [of(soldCall, -40), of(soldCall, -25)]), 'order');
    expect([again.broker, margin.asked.length, margin.fundsAsked]).toEqual([first.broker, 1, 1]);
  });

  it('costs none when the order is filled that was asked about', async () => {
    const { desk, margin, clock } = openRig(lines);
    await desk.assess(ask([], [soldCall]), 'order');
    desk.changed('live', [soldCall], 'fill');
    await clock.settle();
    expect(margin.asked).toHaveLength(1);
    // Money is another now, the figure is not.
    expect(margin.fundsAsked).toBe(2);
    desk.changed('live', [soldCall], 'position');
    await clock.settle();
    expect([margin.asked.length, margin.fundsAsked]).toEqual([1, 2]);
  });

  it('costs one anew for each set once the held one is another', async () => {
    const { desk, margin, clock } = openRig(lines);
    await desk.assess(ask([], [soldCall]), 'order');
    desk.changed('live', [soldPut], 'fill');
    desk.changed('live', [], 'fill');
    await clock.settle();
    await desk.assess(ask([], [soldCall]), 'order');
    expect(margin.asked).toEqual([`SELL 65 ${soldCall.key}`, `SELL 65 ${soldCall.key}`]);
  });

  it('asks about what is held too, when it is not known: both make the difference', async () => {
    const { desk, margin } = openRig(lines);
    const found = await desk.assess(ask([soldCall], [soldPut]), 'order');
    expect(margin.asked).toHaveLength(2);
    expect(rupees(found.broker!.figures.requiredPaise)).toBe(130_000);
    // The estimate of a straddle beside its call is ₹39,636 more, the broker says ₹65,000.
    expect(found.pre).toMatchObject({ basis: 'broker', requiredPaise: 6_500_000 * 1.05 });
  });

  it('joins questions about one set, and never has two under way', async () => {
    const { desk, margin } = openRig(lines);
    const questions = [ask([], [soldCall]), ask([], [soldCall]), ask([], [soldPut])];
    const answers = await Promise.all(questions.map((one) => desk.assess(one, 'order')));
    expect(margin.asked).toHaveLength(2);
    expect(answers.map((one) => one.broker !== null)).toEqual([true, true, true]);
    expect(margin.mostAtOnce).toBe(1);
  });

  it('leaves out a held set that is another before its turn comes', async () => {
    const { desk, margin, clock } = openRig(lines);
    const sets = [[soldCall], [soldCall, hedge], [soldPut]];
    for (const held of sets) desk.changed('live', held, 'fill');
    await clock.settle();
    expect(margin.asked).toEqual([`SELL 65 ${soldPut.key}`]);
  });

  it('waits no longer than its deadline, and keeps what comes later', async () => {
    const { desk, margin, clock } = openRig(lines);
    let give: () => void = () => undefined;
    margin.answer = () => new Promise((resolve) => (give = () => resolve(figuresOf(17_315_900))));
    const asked = desk.assess(ask([], [soldCall]), 'order');
    await clock.advance(4_000);
    const found = await asked;
    expect([found.broker, found.brokerReason]).toEqual([null, 'the broker has not answered yet']);
    expect(found.pre).toMatchObject({ basis: 'estimate', isAllowed: true });
    give();
    await clock.settle();
    expect(desk.look(ask([], [soldCall])).broker?.figures.requiredPaise).toBe(17_315_900);
    expect(margin.asked).toHaveLength(1);
  });

  it('gives the turn to the next when a broker never answers', async () => {
    const { desk, margin, clock } = openRig(lines);
    const normal = margin.answer;
    margin.answer = () => new Promise(() => undefined);
    const lost = desk.assess(ask([], [soldCall]), 'order');
    await clock.advance(10_000);
    await lost;
    margin.answer = normal;
    expect((await desk.assess(ask([], [soldPut]), 'order')).broker).not.toBeNull();
    expect(desk.look(ask([], [soldCall])).brokerReason).toMatch(/not answered within 10 s/);
  });

  it('leaves a broker alone that failed three times, and tries it after the pause', async () => {
    const { desk, margin, clock } = openRig(lines);
    const normal = margin.answer;
    margin.answer = () =>
      Promise.reject(new StrikewireError({ kind: 'retryable', code: 'x', message: 'busy' }));
    margin.money = () => Promise.reject(new Error('busy'));
    const sets = [soldCall, soldPut, hedge, future(lot)];
    for (const line of sets) await desk.assess(ask([], [line]), 'order');
    // A margin, its funds, a margin: the third failure. No more is asked.
    expect([margin.asked.length, margin.fundsAsked]).toEqual([2, 1]);
    expect(desk.look(ask([], [hedge])).brokerReason).toMatch(
      /^the broker failed 3 times in a row \(busy\) and is asked again in 60 s$/,
    );
    margin.answer = normal;
    await clock.advance(60_000);
    expect((await desk.assess(ask([], [hedge]), 'order')).broker).not.toBeNull();
  });

  it('does not ask again at once what failed, and never what was refused', async () => {
    const { desk, margin, clock } = openRig(lines);
    const failing = (kind: 'retryable' | 'rejected') => () =>
      Promise.reject(new StrikewireError({ kind, code: 'x', message: `it was ${kind}` }));
    margin.answer = failing('retryable');
    await desk.assess(ask([], [soldCall]), 'order');
    await desk.assess(ask([], [soldCall]), 'order');
    expect(margin.asked).toHaveLength(1);
    await clock.advance(15_000);
    margin.answer = failing('rejected');
    await desk.assess(ask([], [soldCall]), 'order');
    await clock.advance(60_000);
    const found = await desk.assess(ask([], [soldCall]), 'order');
    expect(margin.asked).toHaveLength(2);
    expect(found.brokerReason).toBe('it was rejected');
  });

  it('does not believe a sentinel', async () => {
    const { desk, margin } = openRig(lines);
    margin.answer = async () => figuresOf(-3.4e38);
    const found = await desk.assess(ask([], [soldCall]), 'order');
    expect([found.broker, found.brokerReason]).toEqual([
      null, "the broker's margin is absurd: -3.4e+38 paise",
    ]);
    margin.answer = async () => ({ ...figuresOf(6_500_000), spanPaise: -1 });
    const other = await desk.assess(ask([], [soldPut]), 'order');
    expect(other.broker?.figures).toMatchObject({ requiredPaise: 6_500_000, spanPaise: null });
  });

  it.each<[string, object, MarginPosition[], RegExp]>([
    ['too many legs', {}, [soldCall, hedge, soldPut], /has 3 contracts, some-broker takes 2/],
    ['an unknown token', { tokenOf: () => undefined }, [soldCall], /some-broker has no NSE:NIFTY/],
    ['no margins at all', { margin: null }, [soldCall], /Main account tells no margins/],
  ])('asks nothing with %s, and says why', async (_name, account, set, reason) => {
    const margin = new FakeMargin();
    margin.legsMax = 2;
    const { desk } = openRig(lines, { margin, account: { margin, ...account } });
    const found = await desk.assess(ask([], set), 'order');
    expect(margin.asked).toEqual([]);
    expect(found.brokerReason).toMatch(reason);
    expect(found.pre).toMatchObject({ basis: 'estimate', isAllowed: true });
  });

  it('forgets what is too old, and the set that was used longest ago', async () => {
    const { desk, margin, clock } = openRig(lines, { settings: { setsMax: 2 } });
    for (const line of [soldCall, soldPut, soldCall, hedge]) {
      await desk.assess(ask([], [line]), 'order');
    }
    expect(margin.asked).toHaveLength(3);
    await desk.assess(ask([], [soldCall]), 'order');
    expect(margin.asked).toHaveLength(3);
    await desk.assess(ask([], [soldPut]), 'order');
    expect(margin.asked).toHaveLength(4);
    await clock.advance(8 * 3_600_000 + 1);
    expect(desk.look(ask([], [soldPut])).broker).toBeNull();
  });

  it('takes no more questions than may wait', async () => {
    const { desk, margin } = openRig(lines, { settings: { waitingMax: 2 } });
    const sets = [soldCall, soldPut, hedge];
    const answers = await Promise.all(sets.map((one) => desk.assess(ask([], [one]), 'order')));
    expect(margin.asked).toHaveLength(2);
    expect(answers[2]!.brokerReason).toBe('2 questions wait for the broker already');
  });

  it('asks for funds again that are old, and not before', async () => {
    const { desk, margin, clock } = openRig(lines);
    await desk.assess(ask([], [soldCall]), 'order');
    await clock.advance(5 * 60_000);
    await desk.assess(ask([], [soldCall]), 'order');
    expect(margin.fundsAsked).toBe(1);
    await clock.advance(1);
    await desk.assess(ask([], [soldCall]), 'order');
    expect([margin.fundsAsked, margin.asked.length]).toEqual([2, 1]);
  });
});

describe('what is kept', () => {
  it('survives a restart: the same set costs nothing', async () => {
    const rig = openRig(lines);
    const state = createMemoryStateStore(rig.clock, { entriesMax: 100 });
    const { clock, store, margin } = rig;
    const before = openRig(lines, { state, clock, store, margin });
    await before.desk.assess(ask([soldCall], [soldPut]), 'order');
    await clock.settle();
    const after = openRig(lines, { state, clock, store, margin });
    await after.desk.load(['live']);
    expect(after.desk.fundsOf('live')?.availablePaise).toBe(5e7);
    expect((await after.desk.assess(ask([soldCall], [soldPut]), 'order')).broker).not.toBeNull();
    after.desk.changed('live', [soldCall], 'fill');
    await clock.settle();
    expect([margin.asked.length, margin.fundsAsked]).toEqual([2, 1]);
    expect(after.desk.comparisonOf('live', [soldCall])?.band.learnedFrom).toBe(0);
  });

  it('is done without when shared state is broken, or holds nonsense', async () => {
    const { clock } = openRig(lines);
    const state = createMemoryStateStore(clock, { entriesMax: 100 });
    await state.set('margin:live', '{"held":1}');
    const rig = openRig(lines, { state, clock });
    expect((await rig.desk.assess(ask([], [soldCall]), 'order')).broker).not.toBeNull();
    const broken = { ...state, get: () => Promise.reject(new Error('down')) };
    const other = openRig(lines, { state: broken, clock });
    expect((await other.desk.assess(ask([], [soldCall]), 'order')).broker).not.toBeNull();
  });
});

describe('how estimates compare', () => {
  it('tells once when a shape leaves its band, once when it is back', async () => {
    const { desk, margin, clock, news, store } = openRig(lines);
    // The own scenarios say ₹1,73,712 of one lot.
    const perLot = [17_315_900, 30_000_000, 30_000_000, 17_315_900];
    for (const [index, paise] of perLot.entries()) {
      const lots = index + 1;
      margin.answer = async () => figuresOf(lots * paise);
      desk.changed('live', [of(soldCall, -lots * lot)], 'fill');
      await clock.settle();
    }
    expect(news.map((one) => one.kind)).toEqual(['margin.outside', 'margin.inside']);
    expect(news[0]).toMatchObject({
      severity: 'warning',
      title: 'Main account: the margin estimate of a position (naked) is off',
      text: expect.stringMatching(/The estimate is 57.9 % .*expected are 85.0 to 115.0 %/),
    });
    expect(store.rows.get('live naked')).toMatchObject({ isOutside: false });
    expect(store.rows.get('live naked')!.ratios).toHaveLength(4);
    expect(desk.reconciliations()).toHaveLength(1);
  });

  it('does not tell again after a restart what was told', async () => {
    const first = openRig(lines);
    first.margin.answer = async () => figuresOf(30_000_000);
    first.desk.changed('live', [soldCall], 'fill');
    await first.clock.settle();
    const { store } = first;
    const second = openRig(lines, { store });
    await second.desk.load(['live']);
    second.margin.answer = async () => figuresOf(30_000_000);
    second.desk.changed('live', [soldCall], 'fill');
    await second.clock.settle();
    expect([first.news.length, second.news.length]).toEqual([1, 0]);
    expect(second.desk.comparisonOf('live', [soldCall])).toMatchObject({ isOutside: true });
  });

  it('learns nothing without an estimate', async () => {
    const { desk, contracts, clock, news } = openRig(lines);
    contracts.change(soldCall.key, { ltpPaise: null });
    desk.changed('live', [soldCall], 'fill');
    await clock.settle();
    expect([desk.comparisonOf('live', [soldCall]), news]).toEqual([null, []]);
    expect(desk.reconciliations()).toEqual([]);
  });
});
