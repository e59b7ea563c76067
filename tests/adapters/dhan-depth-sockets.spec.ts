import { DepthDesk, type DepthReading } from '@strikewire/broker/engine';
import { paiseOf } from '@strikewire/contracts';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { nodeOpenSocket } from '@strikewire/runtime/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDhanOverSockets, type DhanOverSockets } from './dhan-over-sockets';

/** What takes a moment on a machine with nothing else to do. */
const patience = { timeout: 60_000 };
let stage: DhanOverSockets;

beforeAll(async () => {
  stage = await startDhanOverSockets();
});

afterAll(() => stage.stop());

it('full books come over real sockets, and go with the desk', async () => {
  const { clock, simulator, instance } = stage;
  const desk = new DepthDesk({
    clock, random: createSeededRandom(5), log: silentLog, openSocket: nodeOpenSocket,
    accounts: () => [{ id: 'a', label: 'A', broker: 'dhan', instance }],
    tokenOf: (_account, id) => ({ segment: 'NSE_FNO', id }),
    isMarketOpen: () => true,
    quoteMono: () => -Infinity,
  });
  const nifty = simulator.market.underlying('NIFTY')!;
  const chain = simulator.market.chain(nifty, simulator.market.expiries(nifty)[1]!)!;
  const middle = chain.firstId + 2 * Math.floor(chain.strikesPaise.length / 2);
  const keys = Array.from({ length: 10 }, (_, index) => String(middle + index));
  const read = (key: string): DepthReading | undefined => desk.read({ key, exchange: 'NSE' });
  await expect.poll(() => keys.every((key) => read(key) !== undefined), patience).toBe(true);
  simulator.pause(true);
  const differences = (): string[] => keys.filter((key) => {
    const truth = simulator.truth.contract('NSE_FNO', Number(key))!.depth;
    const [bids, asks] = [read(key)?.bids ?? [], read(key)?.asks ?? []];
    return truth.some(({ bid, ask, bidQty, askQty }, level) =>
      paiseOf(bid) !== (bids[level]?.pricePaise ?? 0) || bidQty !== (bids[level]?.quantity ?? 0) ||
      paiseOf(ask) !== (asks[level]?.pricePaise ?? 0) || askQty !== (asks[level]?.quantity ?? 0));
  });
  await expect.poll(differences, patience).toEqual([]);
  expect(simulator.status().depth).toMatchObject({ sockets: 1, subscriptions: 10, handshakes: 1 });
  desk.stop();
  await expect.poll(() => simulator.status().depth?.sockets, patience).toBe(0);
  expect(simulator.violations().total).toBe(0);
});
