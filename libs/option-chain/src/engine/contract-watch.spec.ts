import { QuoteSession, QuoteStore, field, noVolume } from '@strikewire/market-data';
import { silentLog } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { ContractWatch, watchedMax } from './contract-watch-store';

const slotByKey = new Map([['A', 0], ['B', 1], ['C', 2]]);

function storeOf(): { store: QuoteStore; frame(...slots: number[]): void } {
  const store = new QuoteStore({ capacity: 3, groupCount: 1, tickDepth: 2, baseWallMs: 1_000 });
  const session = new QuoteSession(store, { source: 1, epoch: 1 });
  const frame = (...slots: number[]): void => {
    session.beginFrame(2_000, 10);
    for (const slot of slots) {
      if (session.admit(slot, 0, noVolume)) session.commit(slot, field.ltp);
    }
    session.endFrame();
  };
  return { store, frame };
}

function watching() {
  const errors: string[] = [];
  const watch = new ContractWatch({ ...silentLog, error: (message) => errors.push(message) });
  const first = storeOf();
  watch.moveTo({ store: first.store, slotByKey });
  return { watch, errors, ...first };
}

describe('ContractWatch', () => {
  it('tells once for each frame, and only of what has changed', () => {
    const { watch, frame } = watching();
    const told: (readonly string[])[] = [];
    const stop = watch.watch(['A', 'B', 'B'], (keys) => told.push(keys));
    frame(0, 2, 0);
    frame(2);
    frame();
    frame(1, 0);
    expect(told).toEqual([['A'], ['A', 'B']]);
    stop();
    stop();
    frame(0);
    expect(told).toHaveLength(2);
  });

  it('hooks into no frame while nobody watches what is there', () => {
    const { watch, store } = watching();
    expect(store.frameEnded).toBeNull();
    const stop = watch.watch(['nowhere'], () => undefined);
    expect(store.frameEnded).toBeNull();
    watch.watch(['A'], () => undefined)();
    stop();
    expect(store.frameEnded).toBeNull();
  });

  it('goes on in the next generation, also with what was not there before', () => {
    const { watch, frame, store } = watching();
    const told: (readonly string[])[] = [];
    watch.watch(['B', 'D'], (keys) => told.push(keys));
    const next = storeOf();
    watch.moveTo({ store: next.store, slotByKey: new Map([['D', 1], ['B', 2]]) });
    frame(0, 1, 2);
    next.frame(0, 1);
    next.frame(2);
    expect(told).toEqual([['D'], ['B']]);
    expect(store.frameEnded).toBeNull();
  });

  it('goes on when one throws, and leaves alone whom another one has stopped', () => {
    const { watch, frame, errors } = watching();
    const told: string[] = [];
    let stopLast = (): void => undefined;
    watch.watch(['A'], () => {
      stopLast();
      throw new Error('no');
    });
    watch.watch(['A'], () => told.push('second'));
    stopLast = watch.watch(['A'], () => told.push('last'));
    frame(0);
    expect(told).toEqual(['second']);
    expect(errors).toHaveLength(1);
  });

  it('refuses more than its limit, by name, and has room again after that', () => {
    const { watch } = watching();
    const keys = Array.from({ length: watchedMax }, (_, index) => `K${index}`);
    const stop = watch.watch(keys, () => undefined);
    const full = { kind: 'denied', code: 'watch_full' };
    expect(() => watch.watch(['A'], () => undefined)).toThrow(expect.objectContaining(full));
    stop();
    expect(watch.watch(['A'], () => undefined)).toBeTypeOf('function');
  });
});
