import { createSeededRandom } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createFaultBook, type FaultBook } from '../faults/fault-book';
import { Outlet } from './outlet';

interface Opened {
  outlet: Outlet;
  /** What was sent and done, in order. */
  seen: string[];
  faults: FaultBook;
  advance(ms: number): Promise<void>;
}

function open(): Opened {
  const clock = createVirtualClock(0);
  const random = createSeededRandom(1);
  const faults = createFaultBook(clock, random, ['one']);
  const seen: string[] = [];
  const note = (what: string) => () => void seen.push(what);
  const socket = {
    send: (data: string | Uint8Array) => void seen.push(String(data)), ping: note('ping'),
    close: note('close'), terminate: note('terminate'), stall: note('stall'), bufferedAmount: 0,
  };
  const life = { pingMs: 1_000, silenceMs: 3_500 };
  const outlet = new Outlet(socket, { clock, random, life, faults: faults.of('one') });
  return { outlet, seen, faults, advance: (ms) => clock.advance(ms) };
}

describe('Outlet', () => {
  it('pings, and cuts off who gives no sign of life', async () => {
    const { outlet, seen, advance } = open();
    await advance(1_500);
    outlet.alive();
    await advance(10_000);
    expect(seen).toEqual(['ping', 'ping', 'ping', 'ping', 'ping', 'terminate']);
  });

  it('stops even the answers to pings of a half-open connection, until it breaks', async () => {
    const { outlet, seen, advance } = open();
    outlet.mute({ isHalfOpen: true, stopPings: true, forMs: 9_500 });
    outlet.send('lost');
    await advance(9_000);
    expect([seen, outlet.isDeaf]).toEqual([['stall'], true]);
    await advance(600);
    expect(seen).toEqual(['stall', 'terminate']);
  });

  it('tears and spoils texts as well as bytes', () => {
    const { outlet, seen, faults } = open();
    faults.add({ kind: 'tornFrames', probability: 1, count: 1 });
    outlet.send('{"a":1}');
    expect([seen.length, seen.join('')]).toEqual([2, '{"a":1}']);
    faults.add({ kind: 'corruptFrames', probability: 1, count: 3, replace: true });
    for (let round = 0; round < 3; round++) outlet.send('{"a":1}');
    for (const text of seen.slice(2)) expect(() => JSON.parse(text)).toThrow(SyntaxError);
    outlet.send('whole');
    expect(seen.slice(5)).toEqual(['whole']);
  });

  it('releases what waits to be overtaken by the next frame, or after a second', async () => {
    const { outlet, seen, faults, advance } = open();
    faults.add({ kind: 'outOfOrderPackets', probability: 1, count: 2 });
    outlet.send('a');
    outlet.send('b');
    expect(seen).toEqual(['b', 'a']);
    outlet.send('c');
    await advance(900);
    expect(seen).toEqual(['b', 'a']);
    await advance(200);
    expect(seen.filter((one) => one !== 'ping')).toEqual(['b', 'a', 'c']);
  });
});
