import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { createMemory } from './memory';
import { watchPageLoads } from './page-loads';

const here = { template: '<p />' };
const never = new Promise<typeof here>(() => undefined);

/** A router whose page `/lost` comes as told, in a tab that remembers. */
function begin(lost: () => Promise<typeof here>, storage: () => Storage = () => sessionStorage) {
  const clock = createVirtualClock(0);
  const opened: string[] = [];
  const server = { isUp: true };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: here }, { path: '/lost', component: lost }],
  });
  const loads = watchPageLoads(router, {
    clock,
    memory: createMemory(storage),
    isReachable: () => Promise.resolve(server.isUp),
    open: (path) => void opened.push(path),
  });
  const go = async (path: string): Promise<void> => {
    void router.push(path).catch(() => undefined);
    await clock.advance(1);
  };
  return { clock, opened, server, loads, go };
}

const gone = (): Promise<typeof here> => Promise.reject(new Error('no such file'));

describe('a page that cannot be loaded', () => {
  afterEach(() => sessionStorage.clear());

  it('is opened anew once, and told when that did not help', async () => {
    const first = begin(gone);
    await first.go('/lost?of=1');
    expect(first.opened).toEqual(['/lost?of=1']);

    const second = begin(gone);
    await second.go('/lost?of=1');
    expect(second.opened).toEqual([]);
    expect(second.loads.unloaded.value).toEqual({
      path: '/lost?of=1', why: 'no such file', isTried: true,
    });
    second.loads.again();
    expect(second.opened).toEqual(['/lost?of=1']);
  });

  it('is opened when the platform answers again, and not before', async () => {
    const { clock, opened, server, loads, go } = begin(gone);
    server.isUp = false;
    await go('/lost');
    await clock.advance(12_000);
    expect([opened, loads.unloaded.value?.isTried]).toEqual([[], false]);
    server.isUp = true;
    await clock.advance(5_000);
    expect(opened).toEqual(['/lost']);
  });

  it('is forgotten with the next page that can', async () => {
    const { clock, opened, server, loads, go } = begin(gone);
    server.isUp = false;
    await go('/lost');
    await go('/');
    server.isUp = true;
    await clock.advance(60_000);
    expect([opened, loads.unloaded.value]).toEqual([[], null]);
    // Another time it is tried by itself again.
    await go('/lost');
    expect(opened).toEqual(['/lost']);
  });

  it('is given up when nothing comes at all', async () => {
    const { clock, opened, go } = begin(() => never);
    await go('/lost');
    await clock.advance(14_000);
    expect(opened).toEqual([]);
    await clock.advance(1_000);
    expect(opened).toEqual(['/lost']);
  });

  it('is not opened for ever where nothing may be remembered', async () => {
    const { opened, loads, go } = begin(gone, () => {
      throw new Error('forbidden');
    });
    await go('/lost');
    expect([opened, loads.unloaded.value?.isTried]).toEqual([[], true]);
  });
});
