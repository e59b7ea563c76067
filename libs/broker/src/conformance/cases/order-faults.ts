import { defineCases } from '../case';
import { claim, claimEqual } from '../claims';
import type { ConformanceFault } from '../harness';
import { claimOutcome, tryOrders, type OrderTrials } from '../order-trials';

const refused = ['rejected', 'denied', 'unknown'] as const;
const notKnown = ['denied', 'unknown'] as const;

/** Group J, second third: the broker's order side is not itself. */
export const orderFaultCases = defineCases([
  {
    id: 'J14',
    title: 'an order that is taken and not answered is unknown, and there once',
    needs: 'orders',
    faults: ['unanswered'],
    run: (bench) => tryOrders(bench, (trials) =>
      claimTakenUnknown(trials, { kind: 'unanswered' })),
  },
  {
    id: 'J15',
    title: 'so is one of whose answer only half comes',
    needs: 'orders',
    faults: ['cutAnswers'],
    run: (bench) => tryOrders(bench, (trials) =>
      claimTakenUnknown(trials, { kind: 'cutAnswers' })),
  },
  {
    id: 'J16',
    title: 'it is found again in the book by the platform\'s id',
    needs: 'orderTags',
    faults: ['unanswered'],
    run: (bench) => tryOrders(bench, async (trials) => {
      const order = trials.resting();
      await bench.harness.inject({ kind: 'unanswered' });
      claimOutcome('place', await trials.place(order), ['unknown']);
      await bench.harness.clear();
      const rows = await bench.ask(() => trials.orders.orders());
      const found = rows.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
      claimEqual('rows with the platform\'s id', found.length, 1);
    }),
  },
  {
    id: 'J17',
    title: 'a modification and a cancellation that are done and not answered are unknown',
    needs: 'orders',
    faults: ['unanswered'],
    run: (bench) => tryOrders(bench, async (trials) => {
      const order = trials.resting();
      const id = await trials.placed(order);
      await bench.harness.inject({ kind: 'unanswered' });
      const limitPaise = (order.limitPaise ?? 0) + 10;
      const change = { quantity: null, limitPaise, triggerPaise: null };
      const modified = await trials.outcome('modify', () => trials.orders.modify(id, change));
      claimOutcome('modify', modified, ['unknown']);
      claimEqual('the broker\'s limit', trials.found(id).limitPaise, limitPaise);
      const cancelled = await trials.outcome('cancel', () => trials.orders.cancel(id));
      claimOutcome('cancel', cancelled, ['unknown']);
      await trials.settle();
      claimEqual('the broker\'s status', trials.found(id).status, 'cancelled');
    }),
  },
  {
    id: 'J18',
    title: 'a request that never arrives is unknown or denied, never rejected',
    needs: 'orders',
    faults: ['unreachable'],
    run: (bench) => tryOrders(bench, (trials) =>
      claimNotDone(trials, { kind: 'unreachable' }, notKnown)),
  },
  {
    id: 'J19',
    title: 'no answer at all is unknown, within the time limit',
    needs: 'orders',
    faults: ['hang'],
    run: (bench) => tryOrders(bench, (trials) => claimNotDone(trials, { kind: 'hang' }, notKnown)),
  },
  {
    id: 'J20',
    title: 'status 500, 502 and 503 are unknown',
    needs: 'orders',
    faults: ['status'],
    run: (bench) => tryOrders(bench, async (trials) => {
      for (const status of [500, 502, 503]) {
        await claimNotDone(trials, { kind: 'status', status }, notKnown);
      }
    }),
  },
  {
    id: 'J21',
    title: 'a page in HTML is unknown, and so is success with nothing in it',
    needs: 'orders',
    faults: ['html', 'empty'],
    run: (bench) => tryOrders(bench, async (trials) => {
      await claimNotDone(trials, { kind: 'html' }, notKnown);
      await claimNotDone(trials, { kind: 'empty' }, notKnown);
    }),
  },
  {
    id: 'J22',
    title: 'status 429 loses nothing: denied or unknown',
    needs: 'orders',
    faults: ['status'],
    run: (bench) => tryOrders(bench, (trials) =>
      claimNotDone(trials, { kind: 'status', status: 429 }, notKnown)),
  },
  {
    id: 'J23',
    title: 'a dead token gets no order taken, and the books are unauthenticated',
    needs: 'orders',
    faults: ['expiredToken'],
    run: (bench) => tryOrders(bench, async (trials) => {
      const before = trials.truth.book().length;
      await bench.harness.inject({ kind: 'expiredToken' });
      claimOutcome('place', await trials.place(trials.resting()), refused);
      for (const name of ['orders', 'trades', 'positions'] as const) {
        await bench.refused(name, () => trials.orders[name](), ['unauthenticated']);
      }
      claimEqual('orders that the broker has got', trials.since(before).length, 0);
    }),
  },
  {
    id: 'J24',
    title: 'books that fail are errors of their kind, never empty ones',
    needs: 'orders',
    faults: ['status', 'html', 'empty'],
    run: (bench) => tryOrders(bench, async (trials) => {
      const faults = [
        [{ kind: 'status', status: 500 }, 'retryable'],
        [{ kind: 'status', status: 429 }, 'throttled'],
        [{ kind: 'html' }, 'retryable'],
        [{ kind: 'empty' }, 'retryable'],
      ] as const;
      for (const [fault, kind] of faults) {
        await bench.harness.inject(fault);
        for (const name of ['orders', 'trades', 'positions'] as const) {
          await bench.refused(name, () => trials.orders[name](), [kind]);
        }
        await bench.harness.clear();
      }
    }),
  },
  {
    id: 'J25',
    title: 'a status that was never met hides no other order, and ends none',
    needs: 'orders',
    faults: ['strangeStatus'],
    run: (bench) => tryOrders(bench, async (trials) => {
      const id = await trials.placed(trials.resting());
      await bench.harness.inject({ kind: 'strangeStatus' });
      const rows = await bench.ask(() => trials.orders.orders());
      const row = rows.find(({ brokerOrderId }) => brokerOrderId === id);
      const alive = ['pending', 'open', 'triggered'];
      claim(row !== undefined && alive.includes(row.status),
        `its row was ${row?.status ?? 'not there'}, needs to be alive`);
    }),
  },
]);

/** Placed, and the answer is lost: it is one order, of which nobody says that it was refused. */
async function claimTakenUnknown(trials: OrderTrials, fault: ConformanceFault): Promise<void> {
  const { bench: { harness } } = trials;
  const before = trials.truth.book().length;
  await harness.inject(fault);
  claimOutcome('place', await trials.place(trials.resting()), ['unknown']);
  await harness.clear();
  await trials.settle();
  claimEqual('orders that the broker has got', trials.since(before).length, 1);
}

/** All three requests end so, and the broker has done nothing. */
async function claimNotDone(
  trials: OrderTrials,
  fault: ConformanceFault,
  kinds: readonly ('rejected' | 'denied' | 'unknown')[],
): Promise<void> {
  const { bench: { harness } } = trials;
  const id = await trials.placed(trials.resting());
  const before = trials.truth.book().length;
  await harness.inject(fault);
  const name = 'status' in fault ? `${fault.kind} ${fault.status}` : fault.kind;
  claimOutcome(`${name}: place`, await trials.place(trials.resting()), kinds);
  const change = { quantity: null, limitPaise: 5, triggerPaise: null };
  const modified = await trials.outcome('modify', () => trials.orders.modify(id, change));
  claimOutcome(`${name}: modify`, modified, kinds);
  const cancelled = await trials.outcome('cancel', () => trials.orders.cancel(id));
  claimOutcome(`${name}: cancel`, cancelled, kinds);
  await harness.clear();
  await trials.settle();
  claimEqual('orders that the broker has got', trials.since(before).length, 0);
  claimEqual('the broker\'s status', trials.found(id).status, 'open');
}
