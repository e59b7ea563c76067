import { createSeededRandom } from '@strikewire/runtime';
import { effectScope, nextTick, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import { createChainClient } from '../chain-client';
import { createScriptedServer } from '../testing/scripted-server';
import type { ChainTarget } from '../rest/rest-client';
import { useChain } from './use-chain';

function mounted() {
  const server = createScriptedServer();
  const client = createChainClient({
    socketUrl: 'ws://platform.example/ws',
    httpBase: 'http://platform.example',
    clock: server.clock,
    random: createSeededRandom(1),
    openSocket: server.network.openSocket,
    http: server.network.http,
  });
  const target = shallowRef<ChainTarget | null>({ underlying: 'NIFTY' });
  const painted: number[][] = [];
  const frames: (() => void)[] = [];
  const scope = effectScope();
  const chain = scope.run(() =>
    useChain({
      client,
      clock: server.clock,
      target: () => target.value,
      onPaint: (_view, rows) => painted.push([...rows]),
      requestFrame: (fn) => frames.push(fn),
    }),
  );
  if (!chain) throw new Error('the scope had ended');
  return { server, client, target, painted, frames, scope, chain };
}

describe('useChain', () => {
  it('paints once a frame, with the rows that changed since', async () => {
    const { server, chain, painted, frames } = mounted();
    await server.clock.advance(50);
    expect(chain.layout.value?.strikes).toHaveLength(3);
    frames.shift()?.();
    server.socket?.send(server.delta([1]));
    server.socket?.send(server.delta([4]));
    await server.clock.advance(50);
    expect(frames).toHaveLength(1);
    expect(chain.head.value?.version).toBe(1);
    frames.shift()?.();
    expect(painted).toEqual([[0, 1, 2, 3, 4, 5], [1, 4]]);
    expect(chain.head.value?.version).toBe(3);
    expect(chain.connection.value.state).toBe('live');
  });

  it('lets a chain go when the target changes and when the scope ends', async () => {
    const { server, client, chain, target, scope } = mounted();
    await server.clock.advance(50);
    target.value = null;
    await nextTick();
    expect(chain.layout.value).toBeNull();
    target.value = { underlying: 'NIFTY' };
    await nextTick();
    scope.stop();
    await server.clock.advance(5_000);
    expect(client.connection.state).toBe('idle');
  });

  it('shows why a chain is refused until it is served', async () => {
    const { server, chain } = mounted();
    server.refuseSubscription = 'chain_not_built';
    await server.clock.advance(50);
    expect(chain.error.value?.code).toBe('chain_not_built');
    server.refuseSubscription = null;
    await server.clock.advance(6_000);
    expect(chain.error.value).toBeNull();
  });
});
